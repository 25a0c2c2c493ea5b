import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Pricing } from '../../../../functions/shared/domain/pricing.ts';
import { pointerKey } from '../../../../functions/shared/store/keys.ts';
import type { ClaimedSend } from '../../../../functions/shared/store/message/claim-send.ts';
import type { RecordStatus } from '../../../../functions/shared/store/message/record-status.ts';
import { CHANNEL, CUSTOMER, NOON } from '../../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../../support/endpoint.ts';
import { aBegunSend, aReportOn } from '../../../support/outbound.ts';
import { aTable, type TestTable } from '../../../support/table.ts';

type Told = 'sent' | 'delivered' | 'read' | 'played' | 'failed';

const FREE: Pricing = { category: 'service', type: 'free_customer_service', billable: false, model: 'PMP' };
const PAID: Pricing = { category: 'marketing', type: 'regular', model: 'PMP' };

/** The time of each status at the provider. */
const AT = { sent: 1_000, delivered: 2_000, read: 3_000, played: 4_000, failed: 5_000 } as const;

let table: TestTable;
let message: ClaimedSend;
beforeAll(async () => {
  table = await aTable(dynamoDbEndpoint());
});
beforeEach(async () => {
  message = await aBegunSend(table.peer(), CUSTOMER);
  table.wire.reset();
});

const reportOn = (send: ClaimedSend, to: Told, pricing?: Pricing): RecordStatus =>
  aReportOn(send, { to, afterMs: AT[to], pricing });

const report = async (to: Told, pricing?: Pricing) =>
  (await table.store.recordStatus(reportOn(message, to, pricing))).kind;

const priceOf = async ({ key }: ClaimedSend) => (await table.read(key))?.['pricing'];

const keptAs = (pricing: Pricing, by: Told) => ({ ...pricing, at: NOON.getTime() + AT[by] });

describe('a status without our reference', () => {
  const complete = (providerMessageId: string, pointsFromProvider: boolean) =>
    table.store.completeSend(message, {
      to: 'sent',
      atMs: NOON.getTime() + AT.sent,
      by: 'service',
      providerMessageId,
      pointsFromProvider,
    });
  const unreferenced = (providerMessageId: string): RecordStatus => ({
    ...reportOn(message, 'delivered'),
    reference: undefined,
    providerMessageId,
    findByProviderId: true,
  });

  it('sinch-report-without-channel: finds its message by the provider’s id, for one more write of the send', async () => {
    await complete('01POINTED', true);
    expect(table.wire.commands).toEqual(['PutItem', 'UpdateItem']);

    table.wire.reset();
    expect(await table.store.recordStatus(unreferenced('01POINTED'))).toMatchObject({
      kind: 'updated',
      messageId: message.id,
      customer: CUSTOMER,
    });
    expect(table.wire.commands).toEqual(['GetItem', 'GetItem', 'UpdateItem']);
    expect(await table.read(pointerKey(CHANNEL, '01POINTED'))).toMatchObject({ messageId: message.id });
  });

  it('is unknown where no pointer was written, and costs nothing more then', async () => {
    await complete('wamid.unpointed', false);

    expect(table.wire.commands).toEqual(['UpdateItem']);
    expect(await table.store.recordStatus(unreferenced('wamid.unpointed'))).toEqual({ kind: 'unknown_message' });
  });

  it('leaves no pointer to a send that was erased while it was under way', async () => {
    await table.documents.send(new DeleteCommand({ TableName: table.tableName, Key: { ...message.key } }));
    await complete('01ERASED', true);

    expect(await table.read(pointerKey(CHANNEL, '01ERASED'))).toBeUndefined();
  });
});

describe('a send in doubt that a report of the provider settles', () => {
  const doubt = () => table.store.completeSend(message, { to: 'in_doubt', atMs: NOON.getTime() + 100, by: 'service' });
  const settle = () => table.store.recordStatus({ ...reportOn(message, 'sent'), ...SETTLED });
  const later = () => table.store.recordStatus({ ...reportOn(message, 'delivered'), ...SETTLED, reference: undefined });
  const SETTLED = { providerMessageId: '01SETTLED', findByProviderId: true };

  it('is found by the provider’s id from then on, for one more write', async () => {
    await doubt();
    table.wire.reset();

    expect((await settle()).kind).toBe('updated');
    expect(table.wire.commands).toEqual(['UpdateItem', 'TransactWriteItems']);
    table.wire.reset();
    expect(await later()).toMatchObject({ kind: 'updated', messageId: message.id });
    expect((await settle()).kind).toBe('not_forward');
    expect(table.wire.commands).toEqual(['GetItem', 'GetItem', 'UpdateItem', 'UpdateItem']);
  });

  it('is found where the first write of the pointer failed, once the report is delivered again', async () => {
    await doubt();
    table.wire.reset();
    table.wire.failAt(1, 'before');

    await expect(settle()).rejects.toThrow('connection lost');
    await settle();

    expect((await later()).kind).toBe('updated');
  });

  it('leaves no pointer once its customer is erased, also where that happens between the two writes', async () => {
    const erase = () =>
      table
        .peer()
        .eraseCustomer({ channel: CHANNEL, customer: CUSTOMER, channels: [CHANNEL], now: NOON, goOn: () => true });
    await doubt();
    await settle();
    await erase();
    expect(await table.read(pointerKey(CHANNEL, '01SETTLED'))).toBeUndefined();

    message = await aBegunSend(table.peer(), CUSTOMER);
    await table.tapped(2, erase).recordStatus({ ...reportOn(message, 'sent'), ...SETTLED });

    expect(await table.read(pointerKey(CHANNEL, '01SETTLED'))).toBeUndefined();
  });
});

describe('the price of a message', () => {
  it('is kept by the write that moves the message', async () => {
    expect(await report('sent', FREE)).toBe('updated');

    expect(table.wire.commands).toEqual(['UpdateItem']);
    expect(await priceOf(message)).toEqual(keptAs(FREE, 'sent'));
    expect((await table.store.findMessage(message.id))?.message.pricing).toEqual(keptAs(FREE, 'sent'));
  });

  it('stays as the first status had it, whatever later ones say', async () => {
    await report('sent', FREE);
    await report('delivered', PAID);
    await report('read');

    expect(table.wire.commands).toHaveLength(3);
    expect(await priceOf(message)).toEqual(keptAs(FREE, 'sent'));
  });

  it('may come with any status', async () => {
    await report('sent');
    await report('delivered');
    expect(await priceOf(message)).toBeUndefined();
    await report('read', PAID);

    expect(await priceOf(message)).toEqual(keptAs(PAID, 'read'));
  });

  it('is added by one more write when its status comes too late to move the message', async () => {
    await report('delivered');

    expect(await report('sent', FREE)).toBe('not_forward');
    expect(await report('sent', PAID)).toBe('not_forward');

    expect(table.wire.commands).toEqual(['UpdateItem', 'UpdateItem', 'UpdateItem', 'UpdateItem']);
    expect(await priceOf(message)).toEqual(keptAs(FREE, 'sent'));
    expect(await table.read(message.key)).toMatchObject({
      status: 'delivered',
      statuses: [{ status: 'accepted' }, { status: 'delivered' }],
    });
  });

  it('costs nothing more when a status without one comes too late', async () => {
    await report('delivered');
    await report('sent');

    expect(table.wire.commands).toHaveLength(2);
  });

  it('of a message without a record is not stored', async () => {
    await table.documents.send(new DeleteCommand({ TableName: table.tableName, Key: { ...message.key } }));

    expect(await report('sent', FREE)).toBe('unknown_message');
    expect(await table.read(message.key)).toBeUndefined();
  });

  it('brings nothing back of a message that is erased between the two writes', async () => {
    await report('delivered');
    const erase = () =>
      table
        .peer()
        .eraseCustomer({ channel: CHANNEL, customer: CUSTOMER, channels: [CHANNEL], now: NOON, goOn: () => true });

    await table.tapped(2, erase).recordStatus(reportOn(message, 'sent', FREE));

    expect(await table.read(message.key)).toBeUndefined();
  });

  it('stays when it came between the two writes of another', async () => {
    await report('read');
    const first = () => table.peer().recordStatus(reportOn(message, 'delivered', PAID));

    await table.tapped(2, first).recordStatus(reportOn(message, 'sent', FREE));

    expect(await priceOf(message)).toEqual(keptAs(PAID, 'delivered'));
  });

  it.each(['before', 'after'] as const)('is kept by the redelivery when a write failed %s', async (when) => {
    await report('delivered');
    table.wire.failAt(1, when);

    await expect(report('sent', FREE)).rejects.toThrow('connection lost');
    await report('sent', FREE);

    expect(await priceOf(message)).toEqual(keptAs(FREE, 'sent'));
  });
});

describe('the reports on a message that arrive at once', () => {
  it('leave one of their prices, whole', async () => {
    const reports = [reportOn(message, 'sent', FREE), reportOn(message, 'delivered', PAID), reportOn(message, 'read')];
    await Promise.all([...reports, ...reports].map((one) => table.store.recordStatus(one)));

    expect([keptAs(FREE, 'sent'), keptAs(PAID, 'delivered')]).toContainEqual(await priceOf(message));
    expect(await table.read(message.key)).toMatchObject({ status: 'read' });
  });
});
