import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { MAX_RECEIVES, VISIBILITY_SECONDS } from '../../../functions/inbound-queue/env.ts';
import { createInboundQueue } from '../../../functions/inbound-queue/inbound-queue.ts';
import { Config } from '../../../functions/shared/domain/config.ts';
import { CustomerKey } from '../../../functions/shared/domain/customer.ts';
import type { QueueRecord } from '../../../functions/shared/runtime/queue-batch.ts';
import { sessionKey } from '../../../functions/shared/store/keys.ts';
import { createLocalQueue } from '../../../infra/local/local-queue.ts';
import { CHANNEL, NOON, NOON_SECONDS } from '../../support/arrivals.ts';
import {
  aNotification,
  anAwsAccount,
  anAwsChannel,
  anEntry,
  anEnvelope,
  awsDeliveries,
} from '../../support/aws-social.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { eventually } from '../../support/eventually.ts';
import { aContact, aMessage, aStatus } from '../../support/meta.ts';
import { aBegunSend } from '../../support/outbound.ts';
import { aLog } from '../../support/service.ts';
import { aTable, type TestTable } from '../../support/table.ts';

const CUSTOMER = CustomerKey.parse('+4915112345678');
const POISON = '{"context": "no event"}';

let table: TestTable;
let log: ReturnType<typeof aLog>;
let handler: ReturnType<typeof createInboundQueue>;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
  log = aLog();
  handler = createInboundQueue({
    config: Config.parse({ accounts: [anAwsAccount()], channels: [anAwsChannel()] }),
    tableName: table.tableName,
    dynamo: table.client,
    now: () => NOON,
    log,
  });
});

let receipts = 0;
const aRecord = (body: string): QueueRecord => {
  receipts += 1;
  return {
    messageId: `message-${receipts}`,
    receiptHandle: `receipt-${receipts}`,
    body,
    attributes: { ApproximateReceiveCount: '1' },
  };
};

/** Receives a batch; resolves to the places of the records that stay in the queue. */
const receive = async (...bodies: readonly string[]) => {
  const records = bodies.map(aRecord);
  const { batchItemFailures } = await handler({ Records: records });
  return batchItemFailures.map(({ itemIdentifier }) =>
    records.findIndex(({ messageId }) => messageId === itemIdentifier),
  );
};

const hello = (id: string, seconds = 0) => aMessage({ id, timestamp: String(NOON_SECONDS - 60 + seconds) });
const entryWith = (...messages: readonly object[]) => anEntry({ contacts: [aContact()], messages });
const written = (...messages: readonly object[]) => aNotification(anEnvelope(entryWith(...messages)));

const threadIds = async () => {
  const { messages } = await table.peer().readThread({ channel: CHANNEL, customer: CUSTOMER, limit: 50 });
  return messages.map(({ id }) => id);
};

describe('what AWS delivers', () => {
  it.each(awsDeliveries.filter(({ item }) => item?.kind === 'message'))('is recorded: $name', async (delivery) => {
    expect(await receive(delivery.body)).toEqual([]);

    const { kind: _, ...message } = delivery.item ?? {};
    const { messages } = await table.peer().readThread({ channel: CHANNEL, customer: CUSTOMER, limit: 9 });
    expect(messages).toMatchObject([{ direction: 'inbound', ...message }]);
    expect(await table.peer().loadCustomer(CHANNEL, CUSTOMER)).toMatchObject({ session: { phase: 'open' } });
    expect(log.counts).toMatchObject({ MessagesReceived: 1, SessionsOpened: 1 });
  });

  it.each(awsDeliveries.filter(({ item }) => item?.kind === 'status'))('settles a send: $name', async ({ body }) => {
    const { key, id, reference } = await aBegunSend(table.peer(), CUSTOMER);
    const withReference = body.replace(
      '\\"status\\":\\"sent\\"',
      `\\"biz_opaque_callback_data\\":\\"${reference}\\",$&`,
    );
    expect(withReference).not.toBe(body);

    expect(await receive(withReference)).toEqual([]);

    expect(await table.read(key)).toMatchObject({ id, status: 'sent', providerMessageId: 'wamid.AWSSENT' });
  });

  it.each(awsDeliveries.filter(({ item }) => item === undefined))(
    'is no event of the topic: $name',
    async ({ body }) => {
      expect(await receive(body)).toEqual([0]);

      expect(log.lines.map(({ code }) => code)).toEqual(['inbound-queue.unreadable']);
      expect(await table.scan()).toEqual([]);
    },
  );

  it('has a page for each shape', () => {
    expect(awsDeliveries.length).toBeGreaterThanOrEqual(8);
    for (const { source } of awsDeliveries) expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/.+\/.+/);
  });
});

describe('a batch of the queue', () => {
  it('loses nothing by a record that cannot be read: that one alone stays in the queue', async () => {
    expect(await receive(written(hello('wamid.a')), POISON, written(hello('wamid.b', 1)))).toEqual([1]);

    expect(await threadIds()).toEqual(['wamid.b', 'wamid.a']);
    expect(log.counts).toMatchObject({ MessagesReceived: 2, ItemsFailed: 1 });
  });

  it('loses nothing while the table does not answer: what failed is recorded at the next receive', async () => {
    const bodies = [written(hello('wamid.a')), written(hello('wamid.b', 1))];
    table.wire.failAt(0, 'before');

    expect(await receive(...bodies)).toEqual([0]);
    expect(await receive(bodies[0] ?? '')).toEqual([]);

    expect(await threadIds()).toEqual(['wamid.b', 'wamid.a']);
    expect(log.lines).toContainEqual(expect.objectContaining({ code: 'inbound-webhook.item-failed' }));
  });

  it('records once what SNS delivers twice, with raw message delivery on or off', async () => {
    const message = anEnvelope(entryWith(hello('wamid.a')));
    const bodies = [aNotification(message), JSON.stringify(message)];

    expect(await receive(...bodies, ...bodies)).toEqual([]);

    expect(await threadIds()).toEqual(['wamid.a']);
    expect(log.counts).toMatchObject({ MessagesReceived: 1, DuplicateMessages: 3 });
  });

  it('records every message of an entry, every change of it, and every entry of several', async () => {
    const one = entryWith(hello('wamid.a'), hello('wamid.b', 1));
    const changes = [one, entryWith(hello('wamid.c', 2))].flatMap(
      (entry) => (entry as { changes: readonly object[] }).changes,
    );
    const entries = [{ ...one, changes }, entryWith(hello('wamid.d', 3))];

    expect(await receive(aNotification(anEnvelope(JSON.stringify(entries))))).toEqual([]);

    expect(await threadIds()).toEqual(['wamid.d', 'wamid.c', 'wamid.b', 'wamid.a']);
  });

  it('keeps an envelope without an entry, and an item that cannot be read, for an operator', async () => {
    const without = aNotification(anEnvelope('', { whatsAppWebhookEntry: undefined }));
    const broken = written({ id: 'wamid.broken', type: 'text' }, hello('wamid.a'));

    expect(await receive(without, broken)).toEqual([]);

    expect(await threadIds()).toEqual(['wamid.a']);
    const kept = (await table.scan()).filter(({ pk }) => String(pk).startsWith('UNPLACED#shop-aws#'));
    expect(kept.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining(['whatsAppWebhookEntry', 'message.timestamp']),
    );
    expect(log.counts).toMatchObject({ ItemsUnplaced: 2 });
  });

  it.each([
    ['of another business account of Meta', anEnvelope(anEntry({ messages: [hello('wamid.x')] }, { id: '1' }))],
    [
      'of another business account at AWS',
      anEnvelope(entryWith(hello('wamid.x')), {
        context: { MetaWabaIds: [{ wabaId: '1', arn: 'arn:aws:social-messaging:eu-central-1:1:waba/ff' }] },
      }),
    ],
  ])('leaves out an event %s, and says so', async (_, message) => {
    expect(await receive(aNotification(message), written(hello('wamid.a')))).toEqual([]);

    expect(await threadIds()).toEqual(['wamid.a']);
    expect(log.lines).toContainEqual({
      code: 'inbound-queue.foreign',
      fields: { queueMessageId: expect.stringMatching(/^message-/) },
    });
    expect(log.counts).toMatchObject({ ItemsIgnored: 1 });
  });
});

describe('an event that fails at each receive', () => {
  it('ends in the dead letters after five, alone, and is recorded by the redrive once it can be', async () => {
    const delays: number[] = [];
    const queue = createLocalQueue({
      createHandler: () => handler,
      maxReceives: MAX_RECEIVES,
      visibilitySeconds: VISIBILITY_SECONDS,
      schedule: (seconds, task) => {
        delays.push(seconds);
        const timer = setImmediate(task);
        return () => clearImmediate(timer);
      },
    });
    const unreadable = { ...sessionKey(CHANNEL, CUSTOMER), sessionId: 7 };
    await table.documents.send(new PutCommand({ TableName: table.tableName, Item: unreadable }));

    await queue.put(POISON);
    await queue.put(written(hello('wamid.a')));
    await eventually(() => expect(queue.deadLetters()).toHaveLength(2));

    expect(delays).toEqual(Array.from({ length: 2 * MAX_RECEIVES }, () => VISIBILITY_SECONDS));
    await table.documents.send(new DeleteCommand({ TableName: table.tableName, Key: sessionKey(CHANNEL, CUSTOMER) }));
    expect(queue.redrive()).toBe(2);
    await eventually(() => expect(queue.deadLetters()).toEqual([POISON]));
    // The poison may fail five times before the other is recorded.
    await eventually(async () => {
      expect(await threadIds()).toEqual(['wamid.a']);
      expect(await table.peer().loadCustomer(CHANNEL, CUSTOMER)).toMatchObject({ session: { phase: 'open' } });
    });
    await queue.stop();
  });
});

describe('the id with which AWS answered a send, and Meta’s own', () => {
  const ANSWERED = '5f0c2a3e-0000-4000-8000-000000000042';
  const status = (to: string, { reference, messageId }: { reference?: string; messageId?: string }) => {
    const report = aStatus({
      id: 'wamid.OF_META',
      status: to,
      timestamp: String(NOON_SECONDS + 5),
      recipient_id: CUSTOMER.slice(1),
      biz_opaque_callback_data: reference,
    });
    return aNotification(anEnvelope(anEntry({ statuses: [report] }), { messageId }));
  };
  const aSentMessage = async () => {
    const begun = await aBegunSend(table.peer(), CUSTOMER);
    const sent = { to: 'sent', atMs: NOON.getTime(), by: 'service', providerMessageId: ANSWERED } as const;
    await table.peer().completeSend(begun, { ...sent, pointsFromProvider: true });
    return begun;
  };

  it('are linked by the envelope of a status without our reference', async () => {
    const { key } = await aSentMessage();

    expect(await receive(status('delivered', { messageId: ANSWERED }))).toEqual([]);

    expect(await table.read(key)).toMatchObject({
      status: 'delivered',
      providerMessageId: 'wamid.OF_META',
      pointedFrom: ANSWERED,
    });
  });

  it('are linked by the first event too, which says no more than the answer of the send did', async () => {
    const { key } = await aSentMessage();
    const sent = status('sent', { messageId: ANSWERED });

    expect(await receive(sent, sent)).toEqual([]);
    expect(await receive(status('delivered', { messageId: ANSWERED }))).toEqual([]);

    expect(await table.read(key)).toMatchObject({
      status: 'delivered',
      providerMessageId: 'wamid.OF_META',
      pointedFrom: ANSWERED,
      statuses: [{ status: 'accepted' }, { status: 'sent' }, { status: 'delivered' }],
    });
  });

  it('are linked by our reference, where the envelope has another id or none', async () => {
    const { key, reference } = await aSentMessage();

    expect(await receive(status('delivered', { reference, messageId: 'another' }))).toEqual([]);
    expect(await receive(status('read', { reference }))).toEqual([]);

    expect(await table.read(key)).toMatchObject({ status: 'read', providerMessageId: 'wamid.OF_META' });
  });

  it('are not linked where neither is there: the send stays as it is, and the status is counted', async () => {
    const { key } = await aSentMessage();

    expect(await receive(status('delivered', { messageId: 'another' }), status('delivered', {}))).toEqual([]);

    expect(await table.read(key)).toMatchObject({ status: 'sent', providerMessageId: ANSWERED });
    expect(log.counts).toMatchObject({ StatusesUnknown: 2 });
  });

  it('leave nothing of the message once its customer is erased', async () => {
    await aSentMessage();
    await receive(status('delivered', { messageId: ANSWERED }));

    await table
      .peer()
      .eraseCustomer({ channel: CHANNEL, customer: CUSTOMER, channels: [CHANNEL], now: NOON, goOn: () => true });

    expect((await table.scan()).filter(({ pk }) => String(pk).startsWith('PROVIDER#'))).toEqual([]);
  });
});
