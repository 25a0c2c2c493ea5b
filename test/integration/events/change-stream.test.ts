import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { createChangeStream } from '../../../functions/change-stream/change-stream.ts';
import { CustomerKey } from '../../../functions/shared/domain/customer.ts';
import type { BusEntry } from '../../../functions/shared/runtime/event-bus.ts';
import type { StreamRecord } from '../../../functions/shared/store/changes.ts';
import { sweepKey } from '../../../functions/shared/store/due/due-bucket.ts';
import { customerKey, historyKey, messageKey, sessionKey, templateKey } from '../../../functions/shared/store/keys.ts';
import { BEAT_KEY } from '../../../functions/shared/store/service-beat.ts';
import { anArrival, CHANNEL, CUSTOMER, NOON, NOON_SECONDS } from '../../support/arrivals.ts';
import { aSessionItem, aSessionRecord, aStreamRecord } from '../../support/changes.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { aConfig, aLog } from '../../support/service.ts';
import { aTable, type TestTable } from '../../support/table.ts';
import { aTemplate } from '../../support/templates.ts';

const OTHER = CustomerKey.parse('+16505550000');
const DAY = 86_400;

let table: TestTable;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
});

/** The function with a bus that rejects the entries that the test selects. */
const aStream = (rejects: (entry: BusEntry, call: number) => boolean = () => false) => {
  const calls: BusEntry[][] = [];
  const published: BusEntry[] = [];
  const log = aLog();
  const handler = createChangeStream({
    config: aConfig('http://127.0.0.1:9'),
    tableName: table.tableName,
    dynamo: table.client,
    now: () => NOON,
    log,
    pause: async () => undefined,
    bus: {
      put: async (entries) => {
        calls.push([...entries]);
        const accepted = entries.map((entry) => !rejects(entry, calls.length));
        published.push(...entries.filter((_, index) => accepted[index] === true));
        return accepted;
      },
    },
  });
  return {
    log,
    calls,
    deliver: (...Records: StreamRecord[]) => handler({ Records }),
    types: () => published.map(({ detailType }) => detailType),
    details: () => published.map(({ detail }) => JSON.parse(detail)),
  };
};

const sequenceNumberOf = ({ dynamodb }: StreamRecord) => dynamodb?.SequenceNumber ?? '';
const aPoison = (customer = CUSTOMER) => aSessionRecord(customer, { sessionId: 'ses_1', phase: 'ajar' });
const aMessage = (customer = CUSTOMER, text = 'Hello') =>
  aStreamRecord(messageKey({ channel: CHANNEL, customer, atMs: NOON.getTime(), id: randomUUID() }), undefined, {
    direction: 'inbound',
    id: randomUUID(),
    at: NOON.getTime(),
    receivedAt: NOON.getTime(),
    content: JSON.stringify({ type: 'text', text }),
  });
/** DynamoDB deletes a session some time after its end. */
const aDeletion = (customer = CUSTOMER, at = NOON_SECONDS + 2 * DAY) =>
  aStreamRecord(sessionKey(CHANNEL, customer), aSessionItem(), undefined, at);
const containing = (text: string) => (entry: BusEntry) => entry.detail.includes(text);

describe('a batch of the stream', () => {
  it('is published under ids that stay the same when it is delivered again', async () => {
    const stream = aStream();
    const records = [aSessionRecord(), aMessage()];

    expect(await stream.deliver(...records)).toEqual({ batchItemFailures: [] });
    await stream.deliver(...records);

    expect(stream.types()).toEqual(['session.opened', 'message.received', 'session.opened', 'message.received']);
    const ids = stream.details().map(({ id }) => id);
    expect(ids.slice(0, 2)).toEqual(ids.slice(2));
    expect(ids[0]).toMatch(/^evt_[0-9A-HJKMNP-TV-Z]{26}$/);
  });

  it('is put in calls of at most ten events, together for different customers', async () => {
    const stream = aStream();
    const customers = Array.from({ length: 25 }, (_, index) => CustomerKey.parse(`+1650555${1_000 + index}`));

    await stream.deliver(...customers.map((customer) => aSessionRecord(customer)));

    expect(stream.calls.map(({ length }) => length)).toEqual([10, 10, 5]);
  });

  it('is split by the size of a call, and an event too large for the bus reports its size', async () => {
    const stream = aStream();
    const large = 'x'.repeat(150_000);

    await stream.deliver(aMessage(CUSTOMER, large), aMessage(OTHER, large));
    await stream.deliver(aMessage(CUSTOMER, 'y'.repeat(270_000)));

    expect(stream.calls.map(({ length }) => length)).toEqual([1, 1, 1]);
    expect(stream.details().at(-1).data.content).toEqual({
      type: 'text',
      text: 'y'.repeat(4_000),
      tooLargeBytes: expect.any(Number),
    });
    expect(stream.details()[0].data.content).toEqual({ type: 'text', text: large });
  });

  it('publishes nothing for internal state', async () => {
    const stream = aStream();

    await stream.deliver(
      aStreamRecord(sweepKey('closed', CHANNEL), undefined, { sweptUntil: 1 }),
      aStreamRecord(historyKey(CHANNEL, CUSTOMER, NOON_SECONDS), undefined, { sessionId: 'ses_1' }),
      aStreamRecord({ pk: 'SEND#msg_1', sk: 'SEND' }, undefined, { claimedBy: 'me' }),
      aStreamRecord({ pk: `USAGE#${CHANNEL}#2026-11`, sk: 'COUNT#1' }, undefined, { count: 1 }),
      aStreamRecord(sessionKey(CHANNEL, CUSTOMER), undefined, { movedTo: OTHER }),
      aStreamRecord(sessionKey(CHANNEL, CUSTOMER), aSessionItem(), { movedTo: OTHER }),
    );

    expect(stream.types()).toEqual([]);
  });
});

describe('a beat of the sweep', () => {
  const beat = (startedAt: number, beatAt: number) =>
    aStreamRecord(BEAT_KEY, { startedAt, beatAt: beatAt - 60 }, { startedAt, beatAt });

  it('is counted and publishes nothing; as settled after a quarter of an hour', async () => {
    const stream = aStream();

    await stream.deliver(beat(NOON_SECONDS, NOON_SECONDS), beat(NOON_SECONDS, NOON_SECONDS + 899));
    expect(stream.log.counts).toMatchObject({ Beats: 2, SettledBeats: 0, CustomerMessages: 0 });
    await stream.deliver(beat(NOON_SECONDS, NOON_SECONDS + 900));
    expect(stream.log.counts).toMatchObject({ Beats: 3, SettledBeats: 1 });
    expect(stream.types()).toEqual([]);
  });

  it('counts new messages of customers, and no change of one', async () => {
    const stream = aStream();

    await stream.deliver(beat(NOON_SECONDS, NOON_SECONDS), aMessage(CUSTOMER), aMessage(OTHER));

    expect(stream.log.counts).toMatchObject({ Beats: 1, CustomerMessages: 2 });
  });

  it('is not counted while its batch fails', async () => {
    const stream = aStream(() => true);

    await expect(stream.deliver(aMessage(CUSTOMER), beat(NOON_SECONDS, NOON_SECONDS))).rejects.toThrow();

    expect(stream.log.counts).not.toHaveProperty('Beats');
  });
});

describe('an event that the bus rejects', () => {
  it('is put again alone', async () => {
    const stream = aStream((entry, call) => call === 1 && containing(OTHER)(entry));

    expect(await stream.deliver(aMessage(CUSTOMER), aMessage(OTHER))).toEqual({ batchItemFailures: [] });

    expect(stream.calls.map(({ length }) => length)).toEqual([2, 1]);
    expect(stream.types()).toHaveLength(2);
    expect(stream.log.counts).toMatchObject({ EventsRejected: 1, EventsPublished: 2 });
  });

  it('each time delays its own customer alone, and is the first record that Lambda delivers again', async () => {
    const stream = aStream(containing('refuse me'));
    const [before, refused, after] = [aMessage(OTHER), aMessage(CUSTOMER, 'refuse me'), aMessage(CUSTOMER, 'wait')];
    const neighbour = aMessage(OTHER, 'go on');

    expect(await stream.deliver(before, refused, after, neighbour)).toEqual({
      batchItemFailures: [{ itemIdentifier: sequenceNumberOf(refused) }],
    });

    expect(stream.details().map(({ customer }) => customer)).toEqual([OTHER, OTHER]);
  });
});

describe('a record that always fails', () => {
  it('fails a batch that it begins, so that Lambda bisects it, and is reported when it is alone', async () => {
    const stream = aStream();
    const poison = aPoison();

    await expect(stream.deliver(poison, aMessage(OTHER))).rejects.toThrow('the first record of the batch failed');
    expect(stream.types()).toEqual(['message.received']);
    expect(await stream.deliver(poison)).toEqual({ batchItemFailures: [{ itemIdentifier: sequenceNumberOf(poison) }] });
    expect(JSON.stringify(stream.log.lines)).not.toContain(CUSTOMER);
  });

  it('reaches the dead-letter queue alone when Lambda bisects and retries, with its neighbours published in order', async () => {
    const stream = aStream();
    const deadLetters: StreamRecord[] = [];
    /** Delivers like an event source mapping: again from the first failure on, in halves when the whole batch fails. */
    const deliver = async (records: StreamRecord[], retries = 0): Promise<void> => {
      if (records.length === 0) return;
      const answer = await stream.deliver(...records).catch(() => undefined);
      if (answer === undefined) {
        const half = Math.ceil(records.length / 2);
        await deliver(records.slice(0, half), retries);
        return deliver(records.slice(half), retries);
      }
      const first = records.findIndex(
        (record) => sequenceNumberOf(record) === answer.batchItemFailures[0]?.itemIdentifier,
      );
      if (first === -1) return;
      if (records.length === 1 && retries >= 3) return void deadLetters.push(...records);
      return deliver(records.slice(first), retries + 1);
    };
    const poison = aPoison();

    await deliver([aMessage(OTHER, '1'), aMessage(OTHER, '2'), poison, aMessage(CUSTOMER, '3'), aMessage(OTHER, '4')]);

    expect(deadLetters).toEqual([poison]);
    const texts = new Set(stream.details().map(({ data }) => data.content.text));
    expect(texts).toEqual(new Set(['1', '2', '3', '4']));
  });
});

describe('a template that can no longer be sent', () => {
  const atMs = NOON.getTime();
  const anEntry = (status: string, version: number) => ({
    ...aTemplate({ status }),
    components: '[]',
    version,
    changedAt: { status: atMs, category: atMs, quality: atMs, components: atMs },
  });
  const aTemplateChange = (before: string | undefined, after: string | undefined) =>
    aStreamRecord(
      templateKey('shop-meta', 'order_update', 'en_US'),
      before === undefined ? undefined : anEntry(before, 1),
      after === undefined ? undefined : anEntry(after, 2),
    );

  it.each([
    ['APPROVED', 'PAUSED'],
    ['APPROVED', 'DISABLED'],
    ['APPROVED', 'REJECTED'],
    ['PAUSED', 'DISABLED'],
  ])('is counted when the provider changes it from %s to %s', async (before, after) => {
    const stream = aStream();

    await stream.deliver(aTemplateChange(before, after));

    expect(stream.log.counts).toMatchObject({ TemplatesPaused: 1 });
  });

  it.each([
    ['PAUSED', 'APPROVED'],
    ['PENDING', 'REJECTED'],
    ['APPROVED', 'ARCHIVED'],
    ['PAUSED', 'PAUSED'],
    [undefined, 'PAUSED'],
    ['PAUSED', undefined],
  ])('is not counted when it changes from %s to %s', async (before, after) => {
    const stream = aStream();

    await stream.deliver(aTemplateChange(before, after));

    expect(stream.log.counts).not.toHaveProperty('TemplatesPaused');
  });

  it('is counted once its event is published, not with each attempt', async () => {
    const stream = aStream((_, call) => call <= 4);
    const record = aTemplateChange('APPROVED', 'PAUSED');

    await stream.deliver(record);
    expect(stream.log.counts).not.toHaveProperty('TemplatesPaused');
    await stream.deliver(record);

    expect(stream.log.counts).toMatchObject({ TemplatesPaused: 1 });
  });
});

describe('a session that has ended', () => {
  it('is added to the history, and the customer keeps the time of the last message', async () => {
    await table.store.recordInbound(anArrival());
    const stream = aStream();

    await stream.deliver(aDeletion());
    await stream.deliver(aDeletion());

    expect(await table.read(historyKey(CHANNEL, CUSTOMER, NOON_SECONDS))).toMatchObject({
      sessionId: 'ses_1',
      lastInboundAt: NOON_SECONDS,
      endedAt: NOON_SECONDS + DAY,
      reason: 'expired',
      expiresAt: NOON_SECONDS + 31 * DAY,
    });
    expect(await table.read(customerKey(CHANNEL, CUSTOMER))).toMatchObject({ lastInboundAt: NOON_SECONDS });
  });

  it('is not kept for a customer who has been erased', async () => {
    await aStream().deliver(aDeletion());

    expect(await table.read(historyKey(CHANNEL, CUSTOMER, NOON_SECONDS))).toBeUndefined();
    expect(await table.read(customerKey(CHANNEL, CUSTOMER))).toBeUndefined();
  });

  it('is not kept for a customer who is erased meanwhile', async () => {
    await table.store.recordInbound(anArrival());
    const others = await table.peer().loadCustomer(CHANNEL, CUSTOMER);
    const erase = { channel: CHANNEL, customer: CUSTOMER, channels: [CHANNEL], now: NOON, goOn: () => true };
    const late = table.tapped(2, () => table.peer().eraseCustomer(erase));
    await late.recordHistory({
      channel: CHANNEL,
      customer: CUSTOMER,
      session: aSessionItem({ lastInboundAt: others.session?.lastInboundAt ?? 0 }),
      reason: 'expired',
      endedAt: NOON_SECONDS + DAY,
      retentionDays: 30,
    });
    await table.peer().eraseCustomer(erase);

    expect(await table.read(historyKey(CHANNEL, CUSTOMER, NOON_SECONDS))).toBeUndefined();
  });

  it('is added to the history also after a later one', async () => {
    await table.store.recordInbound(anArrival());
    const record = (openedAt: number) =>
      table.store.recordHistory({
        channel: CHANNEL,
        customer: CUSTOMER,
        session: aSessionItem({ openedAt, lastInboundAt: openedAt }),
        reason: 'expired',
        endedAt: openedAt + DAY,
        retentionDays: 30,
      });

    await record(NOON_SECONDS);
    await record(NOON_SECONDS - 5 * DAY);
    await record(NOON_SECONDS - 5 * DAY);

    expect(await table.read(historyKey(CHANNEL, CUSTOMER, NOON_SECONDS - 5 * DAY))).toBeDefined();
    expect(await table.read(customerKey(CHANNEL, CUSTOMER))).toMatchObject({ lastInboundAt: NOON_SECONDS });
  });

  it('before its time was erased: it ends at that moment, and is not kept', async () => {
    await table.store.recordInbound(anArrival());
    const stream = aStream();
    const erasedAt = NOON_SECONDS + 60;

    await stream.deliver(aDeletion(CUSTOMER, erasedAt));

    expect(stream.types()).toEqual(['session.closing', 'session.closed']);
    const at = new Date(erasedAt * 1_000).toISOString();
    expect(stream.details()).toMatchObject([{ occurredAt: at }, { occurredAt: at, data: { reason: 'erased' } }]);
    expect(await table.read(historyKey(CHANNEL, CUSTOMER, NOON_SECONDS))).toBeUndefined();
  });
});
