import { randomUUID } from 'node:crypto';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { createChangeStream } from '../../../functions/change-stream/change-stream.ts';
import { CustomerKey } from '../../../functions/shared/domain/customer.ts';
import type { BusEntry } from '../../../functions/shared/runtime/event-bus.ts';
import type { StreamRecord } from '../../../functions/shared/store/changes.ts';
import { sweepKey } from '../../../functions/shared/store/due/due-entry.ts';
import { customerKey, historyKey, messageKey, sessionKey, templateKey } from '../../../functions/shared/store/keys.ts';
import { BEAT_KEY } from '../../../functions/shared/store/service-beat.ts';
import { anArrival, CHANNEL, CUSTOMER, NOON, NOON_SECONDS, secondsAfterNoon } from '../../support/arrivals.ts';
import { aSessionItem, aSessionRecord, aStreamRecord } from '../../support/changes.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { anEventSource } from '../../support/event-source.ts';
import { aConfig, aLog } from '../../support/service.ts';
import { aTable, type TestTable } from '../../support/table.ts';
import { aTemplate } from '../../support/templates.ts';
import { mauOf } from '../../support/usage.ts';

const OTHER = CustomerKey.parse('+16505550000');
const DAY = 86_400;
const pastOf = (openedAt: number) => historyKey({ channel: CHANNEL, customer: CUSTOMER, openedAt, sessionId: 'ses_1' });
const HOUR = 3_600;
const STREAM_ARN = 'arn:aws:dynamodb:eu-west-1:123456789012:table/sessions/stream/2026-11-20T00:00:00.000';

let table: TestTable;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
});

/** The function with a bus that rejects the entries that the test selects. */
const aStream = (
  rejects: (entry: BusEntry, call: number) => boolean = () => false,
  rejection: false | 'invalid' = false,
) => {
  const letters: string[] = [];
  let takesLetters = true;
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
    deadLetters: {
      send: async (letter) => {
        if (!takesLetters) throw new Error('the queue does not answer');
        letters.push(letter);
      },
    },
    bus: {
      put: async (entries) => {
        calls.push([...entries]);
        const accepted = entries.map((entry) => (rejects(entry, calls.length) ? rejection : true));
        published.push(...entries.filter((_, index) => accepted[index] === true));
        return accepted;
      },
    },
  });
  return {
    log,
    calls,
    letters,
    refuseLetters: () => {
      takesLetters = false;
    },
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
/** DynamoDB Local raises no such conflict. */
const aConflict = () =>
  new TransactionCanceledException({
    message: 'conflict',
    $metadata: {},
    CancellationReasons: [{ Code: 'TransactionConflict' }],
  });
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

  it('publishes a link of two names: one session goes on, the other is merged into it, and the name is identified', async () => {
    const USER = CustomerKey.parse('US.13491208655302741918');
    await table.store.recordInbound(anArrival({ id: 'wamid.w' }));
    await table.store.recordInbound(
      anArrival({ at: secondsAfterNoon(60), id: 'wamid.u', identities: { userId: USER } }),
    );
    const keys = [CUSTOMER, USER].flatMap((name) => [sessionKey(CHANNEL, name), customerKey(CHANNEL, name)]);
    const before = await Promise.all(keys.map(table.read));
    const names = [
      { name: CUSTOMER, kind: 'wa_id' },
      { name: USER, kind: 'user_id' },
    ] as const;
    const link = { channel: CHANNEL, names, at: NOON_SECONDS, learnedFrom: 'status' } as const;
    await table.store.linkNames({ link, now: secondsAfterNoon(90) });
    const after = await Promise.all(keys.map(table.read));
    const stream = aStream();

    await stream.deliver(...keys.map((key, index) => aStreamRecord(key, before[index], after[index])));

    const [own, , theirs] = before.map((item) => String(item?.['sessionId']));
    expect(stream.types().toSorted()).toEqual(['customer.identified', 'session.closed']);
    expect(stream.details()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          customer: CUSTOMER,
          sessionId: own,
          data: expect.objectContaining({ reason: 'merged', mergedInto: theirs }),
        }),
        expect.objectContaining({
          customer: CUSTOMER,
          sessionId: theirs,
          data: {
            name: USER,
            names: expect.arrayContaining([CUSTOMER, USER]),
            learnedFrom: 'status',
            window: { state: 'open', expiresAt: secondsAfterNoon(60 + DAY).toISOString() },
          },
        }),
      ]),
    );
    expect(
      await table.read(
        historyKey({ channel: CHANNEL, customer: CUSTOMER, openedAt: NOON_SECONDS, sessionId: own ?? '' }),
      ),
    ).toMatchObject({ reason: 'merged' });
  });

  it('publishes nothing of an item after a record of it that fails', async () => {
    const stream = aStream(({ detailType }) => detailType === 'session.opened');
    const [other, opened, removed] = [aMessage(OTHER), aSessionRecord(), aDeletion()];

    expect(await stream.deliver(other, opened, removed)).toEqual({
      batchItemFailures: [{ itemIdentifier: sequenceNumberOf(opened) }],
    });
    expect(stream.types()).toEqual(['message.received']);
  });

  it('publishes nothing for internal state', async () => {
    const stream = aStream();

    await stream.deliver(
      aStreamRecord(sweepKey('closed', CHANNEL), undefined, { sweptUntil: 1 }),
      aStreamRecord(pastOf(NOON_SECONDS), undefined, { sessionId: 'ses_1' }),
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

  it('each time delays its own item alone, and is the first record that Lambda delivers again', async () => {
    const stream = aStream(containing('refuse me'));
    const [before, refused, neighbour] = [aMessage(OTHER), aMessage(CUSTOMER, 'refuse me'), aMessage(OTHER, 'go on')];
    const after = aMessage(CUSTOMER, 'another item');

    expect(await stream.deliver(before, refused, after, neighbour)).toEqual({
      batchItemFailures: [{ itemIdentifier: sequenceNumberOf(refused) }],
    });

    expect(stream.details().map(({ customer }) => customer)).toEqual([OTHER, CUSTOMER, OTHER]);
  });
});

describe('a record that can never be published', () => {
  it('is put into the dead-letter queue at once, without its content, and the batch goes on', async () => {
    const stream = aStream();
    const poison = { ...aPoison(), eventSourceARN: STREAM_ARN };

    expect(await stream.deliver(poison, aMessage(OTHER), aMessage(CUSTOMER))).toEqual({ batchItemFailures: [] });

    expect(stream.types()).toEqual(['message.received', 'message.received']);
    expect(stream.letters.map((letter) => JSON.parse(letter))).toEqual([
      {
        unpublishableRecord: {
          streamArn: STREAM_ARN,
          sequenceNumber: sequenceNumberOf(poison),
          keys: sessionKey(CHANNEL, CUSTOMER),
          reason: expect.stringMatching(/^ZodError: /),
        },
      },
    ]);
    expect(stream.letters.join()).not.toContain('ajar');
    expect(JSON.stringify(stream.log.lines)).not.toContain(CUSTOMER);
    expect(stream.log.counts).toMatchObject({ RecordsDeadLettered: 1 });
  });

  it('is retried as long as the dead-letter queue does not take it', async () => {
    const stream = aStream();
    const poison = aPoison();
    stream.refuseLetters();

    expect(await stream.deliver(poison)).toEqual({ batchItemFailures: [{ itemIdentifier: sequenceNumberOf(poison) }] });
  });

  it('is one whose event the bus calls invalid, or for which it refuses a whole call', async () => {
    const invalid = aStream(containing('refuse me'), 'invalid');
    expect(await invalid.deliver(aMessage(OTHER), aMessage(CUSTOMER, 'refuse me'))).toEqual({ batchItemFailures: [] });
    expect([invalid.letters.length, invalid.types().length]).toEqual([1, 1]);

    const refused = aStream((entry) => {
      if (containing('refuse me')(entry)) throw Object.assign(new Error('too large'), { name: 'ValidationException' });
      return false;
    });
    expect(await refused.deliver(aMessage(OTHER), aMessage(CUSTOMER, 'refuse me'))).toEqual({ batchItemFailures: [] });
    expect([refused.letters.length, refused.types().length]).toEqual([1, 1]);
  });
});

describe('an outage of the bus of two hours', () => {
  it('loses nothing, and needs no operator: the event source delivers again until the bus is back', async () => {
    let isDown = true;
    const stream = aStream(() => isDown);
    const records = Array.from({ length: 40 }, (_, index) => aMessage(index % 2 === 0 ? CUSTOMER : OTHER, `${index}`));
    const source = anEventSource(stream.deliver, {
      batchSize: 15,
      maxAgeSeconds: 23 * HOUR,
      onTick: (seconds) => {
        isDown = seconds < 2 * HOUR;
      },
    });

    await source.run(records);

    expect(source.expired).toEqual([]);
    expect(stream.letters).toEqual([]);
    const texts = new Set(stream.details().map(({ data }) => data.content.text));
    expect(texts.size).toBe(40);
    expect(source.seconds()).toBeLessThan(2 * HOUR + 600);
  });

  it('that never ends sends every record to the queue while the stream still has it', async () => {
    const stream = aStream(() => true);
    const records = [aMessage(CUSTOMER), aMessage(OTHER)];
    const source = anEventSource(stream.deliver, { batchSize: 15, maxAgeSeconds: 23 * HOUR });

    await source.run(records);

    expect(new Set(source.expired)).toEqual(new Set(records));
    expect(source.seconds()).toBeLessThan(24 * HOUR);
  });
});

describe('counters that conflict at the start of a month', () => {
  it('fail what could not be counted alone: the rest of the batch is published and counted once', async () => {
    const customers = [CUSTOMER, OTHER, CustomerKey.parse('+16505550001'), CustomerKey.parse('+16505550002')];
    for (const phone of customers) await table.peer().recordInbound(anArrival({ identities: { phone }, id: phone }));
    const stored = (customer: CustomerKey) =>
      messageKey({ channel: CHANNEL, customer, atMs: NOON.getTime(), id: customer });
    const records = await Promise.all(
      customers.map(async (customer) =>
        aStreamRecord(stored(customer), undefined, (await table.read(stored(customer))) ?? {}),
      ),
    );
    let conflicts = Number.POSITIVE_INFINITY;
    table.client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const isOurs =
            commandName === 'TransactWriteItemsCommand' && JSON.stringify(args.input).includes(`MEMBER#${OTHER}`);
          if (!isOurs || conflicts <= 0) return next(args);
          conflicts -= 1;
          throw aConflict();
        },
      { step: 'initialize', name: 'conflict' },
    );
    const stream = aStream();

    const first = await stream.deliver(...records);

    expect(first).toEqual({ batchItemFailures: [{ itemIdentifier: sequenceNumberOf(records[1] as StreamRecord) }] });
    expect(stream.types()).toHaveLength(4);
    expect(await mauOf(table)).toEqual({ channel: 3, deployment: 3 });

    conflicts = 3;
    expect(await stream.deliver(...records.slice(1))).toEqual({ batchItemFailures: [] });
    expect(await mauOf(table)).toEqual({ channel: 4, deployment: 4 });
  });
});

describe('event-order: the records of a first message', () => {
  const firstMessage = async () => {
    await table.peer().recordInbound(anArrival());
    const items = await table.scan();
    return items
      .filter(({ sk }) => sk === 'SESSION' || String(sk).startsWith('MSG#'))
      .map((item) => aStreamRecord({ pk: String(item['pk']), sk: String(item['sk']) }, undefined, item));
  };
  const sufficient = (sessionId: unknown) => ({
    sessionId,
    data: { window: { state: 'open', expiresAt: new Date((NOON_SECONDS + DAY) * 1_000).toISOString() } },
  });

  it.each([
    ['in either order', (one: StreamRecord, other: StreamRecord) => [[other, one]]],
    ['in two invocations', (one: StreamRecord, other: StreamRecord) => [[one], [other]]],
    ['in one', (one: StreamRecord, other: StreamRecord) => [[one, other]]],
  ])('%s publish a message that carries the window', async (_, batches) => {
    const [one, other] = await firstMessage();
    const stream = aStream();

    await Promise.all(batches(one as StreamRecord, other as StreamRecord).map((batch) => stream.deliver(...batch)));

    const published = new Map(stream.types().map((type, index) => [type, stream.details()[index]]));
    expect([...published.keys()].toSorted()).toEqual(['message.received', 'session.opened']);
    expect(published.get('message.received')).toMatchObject(sufficient(published.get('session.opened').sessionId));
  });

  it('publish the session events of a customer in order among themselves', async () => {
    const [before, after] = [aSessionItem(), aSessionItem({ sessionId: 'ses_2', openedAt: NOON_SECONDS + 2 * DAY })];
    const stream = aStream();

    await stream.deliver(
      aSessionRecord(CUSTOMER, before),
      aStreamRecord(sessionKey(CHANNEL, CUSTOMER), before, after),
      aMessage(CUSTOMER),
    );

    const ofSession = stream.types().filter((type) => type.startsWith('session.'));
    expect(ofSession).toEqual(['session.opened', 'session.closing', 'session.closed', 'session.opened']);
  });

  it('are published side by side: a message does not wait for the session events before it', async () => {
    const stream = aStream();

    await stream.deliver(aSessionRecord(CUSTOMER), aMessage(CUSTOMER));

    expect(stream.calls[0]).toHaveLength(2);
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

    expect(await table.read(pastOf(NOON_SECONDS))).toMatchObject({
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

    expect(await table.read(pastOf(NOON_SECONDS))).toBeUndefined();
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

    expect(await table.read(pastOf(NOON_SECONDS))).toBeUndefined();
  });

  it('is added to the history also after a later one', async () => {
    const known = secondsAfterNoon(-6 * DAY);
    await table.store.recordInbound(anArrival({ at: known }));
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

    expect(await table.read(pastOf(NOON_SECONDS - 5 * DAY))).toBeDefined();
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
    expect(await table.read(pastOf(NOON_SECONDS))).toBeUndefined();
  });
});
