import { beforeEach, describe, expect, it } from 'vitest';
import { messageNameOf, sessionKey } from '../../../../functions/shared/store/keys.ts';
import { toReference } from '../../../../functions/shared/store/message/message-reference.ts';
import { anArrival, CHANNEL, CUSTOMER, NOON, secondsAfterNoon } from '../../../support/arrivals.ts';
import { aChangeOfConsent } from '../../../support/consents.ts';
import { dynamoDbEndpoint } from '../../../support/endpoint.ts';
import { aBegunSend } from '../../../support/outbound.ts';
import { repeatWrites } from '../../../support/repeats.ts';
import { aTable, type TestTable } from '../../../support/table.ts';

const ALWAYS = Number.POSITIVE_INFINITY;
const FAULT = { error: { code: '131026', title: 'Not delivered', class: 'never' } };

let table: TestTable;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
});

/** Runs on a table whose every write is sent twice. */
const repeated = () => repeatWrites(table, ALWAYS);

describe('a write that the SDK repeats after it took effect', () => {
  it('of a message counts it as new, and a redelivery as a duplicate', async () => {
    repeated();
    const arrival = { ...anArrival(), requestId: 'request-1' };

    expect(await table.store.recordInbound(arrival)).toMatchObject({ isNew: true, window: 'opened' });
    expect(await table.store.recordInbound({ ...arrival, requestId: 'request-2' })).toMatchObject({ isNew: false });
  });

  it('of a consent counts it as applied, once', async () => {
    await table.peer().recordInbound(anArrival());
    repeated();
    const record = { channel: CHANNEL, customer: CUSTOMER, change: aChangeOfConsent('opted_out'), now: NOON };

    expect(await table.store.recordConsent(record)).toMatchObject({ kind: 'applied' });
    expect(await table.store.recordConsent({ ...record, change: aChangeOfConsent('opted_in', 5) })).toMatchObject({
      kind: 'applied',
    });
    expect(await table.peer().readConsent(CHANNEL, CUSTOMER)).toMatchObject({ consentVersion: 2 });
  });

  it('of a status counts it as moved, and its redelivery not', async () => {
    const { key } = await aBegunSend(table.peer(), CUSTOMER);
    repeated();
    const report = {
      channel: CHANNEL,
      reference: toReference(messageNameOf(key)),
      providerMessageId: 'wamid.1',
      to: 'failed',
      atMs: NOON.getTime(),
      ...FAULT,
    } as const;

    expect(await table.store.recordStatus(report)).toMatchObject({ kind: 'updated' });
    expect(await table.peer().recordStatus(report)).toMatchObject({ kind: 'not_forward' });
  });

  it('of a claim finds it as its own', async () => {
    repeated();

    expect(await aBegunSend(table.store, CUSTOMER)).toMatchObject({ kind: 'claimed' });
  });

  it('of a phase counts the session', async () => {
    await table.peer().recordInbound(anArrival());
    repeated();
    const rule = { closingLeadSeconds: 3_600, now: secondsAfterNoon(2 * 86_400) };

    expect(await table.store.setPhases([sessionKey(CHANNEL, CUSTOMER)], rule)).toMatchObject([{ phase: 'closed' }]);
  });

  it('of an erasure counts what it removed', async () => {
    await table.peer().recordInbound(anArrival());
    await aBegunSend(table.peer(), CUSTOMER);
    repeated();

    const erased = await table.store.eraseCustomer({
      channel: CHANNEL,
      customer: CUSTOMER,
      channels: [CHANNEL],
      now: NOON,
      goOn: () => true,
    });

    expect(erased).toMatchObject({
      done: true,
      removed: { sessions: 1, customers: 1, messages: 2, claims: 1, members: 1 },
    });
  });
});
