import { DynamoDBStreamsClient, TrimmedDataAccessException } from '@aws-sdk/client-dynamodb-streams';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { toRecordLetter } from '../../../functions/change-stream/record-letter.ts';
import { CustomerKey } from '../../../functions/shared/domain/customer.ts';
import type { BusEntry } from '../../../functions/shared/runtime/event-bus.ts';
import type { StreamRecord } from '../../../functions/shared/store/changes.ts';
import { customerKey, historyKey, sessionKey } from '../../../functions/shared/store/keys.ts';
import { redriveDeadLetters } from '../../../infra/operate/redrive-dead-letters.ts';
import { createRepublish } from '../../../infra/operate/republish.ts';
import { createStreamReader, type StreamReader } from '../../../infra/operate/stream-reader.ts';
import { LOCAL_ENGINE } from '../../../infra/shared/local-engine.ts';
import { anArrival, CHANNEL, CUSTOMER, NOON, NOON_SECONDS, secondsAfterNoon } from '../../support/arrivals.ts';
import { aSessionItem } from '../../support/changes.ts';
import { aDeadLetter, aDeadLetterQueue } from '../../support/dead-letters.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { aConfig } from '../../support/service.ts';
import { aTable, type TestTable } from '../../support/table.ts';

const OTHER = CustomerKey.parse('+16505550000');
const TEXT = 'Is my order on its way?';
const DAY = 86_400;

let table: TestTable;
let reader: StreamReader;
beforeEach(async () => {
  const endpoint = dynamoDbEndpoint();
  table = await aTable(endpoint);
  reader = createStreamReader(new DynamoDBStreamsClient({ ...LOCAL_ENGINE, endpoint }));
});

const write = (from = CUSTOMER, at = NOON) =>
  table.store.recordInbound(anArrival({ identities: { phone: from }, id: `wamid.${from}.${at.getTime()}`, at }));

/** Writes an item that the service never writes. */
const writePoison = (customer = CUSTOMER) =>
  table.documents.send(
    new PutCommand({
      TableName: table.tableName,
      Item: { ...sessionKey(CHANNEL, customer), ...aSessionItem(), phase: TEXT },
    }),
  );

/** The records of the table's stream, and dead letters for positions in it. */
const theStream = async () => {
  const streamArn = (await reader.streamOf(table.tableName)) ?? '';
  const [{ id: shardId } = { id: '' }] = await reader.shardsOf(streamArn);
  const { records } = await reader.read((await reader.iteratorOf(streamArn, shardId, 'TRIM_HORIZON')) ?? '');
  const numberAt = (index: number) => records.at(index)?.dynamodb?.SequenceNumber ?? '';
  return {
    records,
    numberAt,
    letterOf: (first: number, last = first, batchSize = 1) =>
      aDeadLetter({
        streamArn,
        shardId,
        startSequenceNumber: numberAt(first),
        endSequenceNumber: numberAt(last),
        batchSize,
      }),
    letterAt: (position: object) =>
      aDeadLetter({
        streamArn,
        shardId,
        startSequenceNumber: numberAt(0),
        endSequenceNumber: numberAt(0),
        ...position,
      }),
  };
};

/** The command without AWS; `accepts` decides which events the bus accepts. */
const aRedrive = (accepts: (entry: BusEntry) => boolean = () => true, over = reader) => {
  const published: BusEntry[] = [];
  const lines: string[] = [];
  const republish = createRepublish({
    config: aConfig('http://127.0.0.1:9'),
    tableName: table.tableName,
    dynamo: table.client,
    now: () => NOON,
    pause: async () => undefined,
    bus: {
      put: async (entries) => {
        const accepted = entries.map(accepts);
        published.push(...entries.filter((_, index) => accepted[index] === true));
        return accepted;
      },
    },
  });
  return {
    lines,
    run: (letters: ReturnType<typeof aDeadLetterQueue>) =>
      redriveDeadLetters({ queue: letters, reader: over, republish, print: (line) => lines.push(line) }),
    types: () => published.map(({ detailType }) => detailType),
    details: () => published.map(({ detail }) => JSON.parse(detail)),
  };
};

const sessionsAmong = (records: readonly StreamRecord[]) =>
  records.findIndex(({ dynamodb }) => dynamodb?.Keys?.['sk']?.S === 'SESSION');

describe('a dead letter', () => {
  it('is redriven and removed once the handler has published the records at its position', async () => {
    await write();
    const { records, letterOf } = await theStream();
    const queue = aDeadLetterQueue([letterOf(0, -1)]);
    const whileDown = aRedrive(() => false);

    expect(await whileDown.run(queue)).toEqual({ redriven: 0, failed: 1, expired: 0 });
    expect(queue.visible()).toHaveLength(1);

    const afterwards = aRedrive();
    expect(await afterwards.run(queue)).toEqual({ redriven: 1, failed: 0, expired: 0 });
    expect(afterwards.types()).toEqual(['session.opened', 'message.received']);
    expect(afterwards.details()[1]).toMatchObject({ customer: CUSTOMER, data: { content: { text: TEXT } } });
    expect(afterwards.lines).toEqual([]);
    expect(queue.visible()).toEqual([]);
    expect(queue.hidden.size).toBe(0);
    expect(records.length).toBeGreaterThan(1);
  });

  it('names one record, and only that one is published', async () => {
    await write();
    await write(OTHER);
    const { records, letterOf } = await theStream();
    const redrive = aRedrive();

    await redrive.run(aDeadLetterQueue([letterOf(sessionsAmong(records))]));

    expect(redrive.types()).toEqual(['session.opened']);
    expect(redrive.details()[0]).toMatchObject({ customer: CUSTOMER });
  });

  it('is published with the same ids, in any split and any number of times', async () => {
    await write();
    const { records, letterOf } = await theStream();
    const [redrive, again] = [aRedrive(), aRedrive()];

    await redrive.run(aDeadLetterQueue([letterOf(0, -1)]));
    await again.run(aDeadLetterQueue(records.map((_, index) => letterOf(index))));

    expect(again.details().map(({ id }) => id)).toEqual(redrive.details().map(({ id }) => id));
  });

  it('stays when a record fails again, and only ids, error name and stack frame are printed', async () => {
    await writePoison();
    const { letterOf, numberAt } = await theStream();
    const queue = aDeadLetterQueue([letterOf(0)]);
    const redrive = aRedrive();

    expect(await redrive.run(queue)).toEqual({ redriven: 0, failed: 1, expired: 0 });

    expect(queue.visible()).toEqual([letterOf(0)]);
    expect(redrive.lines).toEqual([
      expect.stringMatching(`^failed: record ${numberAt(0)} of shardId-`),
      expect.stringMatching(`^  sequenceNumber ${numberAt(0)} ZodError at .*/functions/shared/store/changes.ts`),
    ]);
    expect(redrive.lines.join()).not.toMatch(new RegExp(`${CUSTOMER.slice(1)}|order on its way`));
  });

  it('of the function itself, which names no shard, is redriven by the sequence number of its record', async () => {
    await write();
    await write(OTHER);
    const { records } = await theStream();
    const streamArn = (await reader.streamOf(table.tableName)) ?? '';
    const record = { ...records[sessionsAmong(records)], eventSourceARN: streamArn };
    const queue = aDeadLetterQueue([toRecordLetter(record, 'ZodError: phase')]);
    const redrive = aRedrive();

    expect(await redrive.run(queue)).toEqual({ redriven: 1, failed: 0, expired: 0 });

    expect(redrive.types()).toEqual(['session.opened']);
    expect(queue.visible()).toEqual([]);
    const gone = { ...record, eventSourceARN: streamArn.replace(table.tableName, 'gone') };
    expect(await aRedrive().run(aDeadLetterQueue([toRecordLetter(gone, '')]))).toMatchObject({ expired: 1 });
  });

  it('stays when one of its records fails, with the others published', async () => {
    await write(OTHER);
    await writePoison();
    await write(OTHER, secondsAfterNoon(60));
    const { letterOf } = await theStream();
    const queue = aDeadLetterQueue([letterOf(0, -1)]);
    const redrive = aRedrive();

    expect(await redrive.run(queue)).toEqual({ redriven: 0, failed: 1, expired: 0 });

    expect(redrive.types()).toEqual(['session.opened', 'message.received', 'message.received']);
    expect(queue.visible()).toHaveLength(1);
  });

  it('does not block the others: outcomes are counted, in the order of the table’s changes', async () => {
    await write(OTHER);
    const before = (await theStream()).records.length;
    await writePoison();
    await write(OTHER, secondsAfterNoon(60));
    const { letterOf } = await theStream();
    const [first, poison, last] = [letterOf(0, before - 1), letterOf(before), letterOf(-1)];
    const queue = aDeadLetterQueue([last, poison, first], 2);
    const redrive = aRedrive();

    expect(await redrive.run(queue)).toEqual({ redriven: 2, failed: 1, expired: 0 });

    expect(queue.visible()).toEqual([poison]);
    expect(redrive.details().map(({ occurredAt }) => occurredAt)).toEqual([
      NOON.toISOString(),
      NOON.toISOString(),
      secondsAfterNoon(60).toISOString(),
    ]);
  });

  it.each([
    ['whose shard no longer exists', { shardId: 'shardId-00000001700000000000-0a1b2c3d' }],
    [
      'of a stream that no longer exists',
      { streamArn: 'arn:aws:dynamodb:ddblocal:000000000000:table/gone/stream/2026-11-19' },
    ],
    ['whose last record does not exist', { endSequenceNumber: '000000000000999999999' }],
    [
      'of records that do not exist',
      { startSequenceNumber: '000000000000999999998', endSequenceNumber: '000000000000999999999' },
    ],
  ])('%s is reported as expired, and stays', async (_, place) => {
    await write();
    const { letterAt, letterOf } = await theStream();
    const expired = letterAt(place);
    const queue = aDeadLetterQueue([expired, letterOf(0)]);
    const redrive = aRedrive();

    expect(await redrive.run(queue)).toEqual({ redriven: 1, failed: 0, expired: 1 });

    expect(queue.visible()).toEqual([expired]);
    expect(redrive.lines).toEqual([expect.stringMatching(/^expired: records? \d+ .*no longer in the stream$/)]);
  });

  it('is expired when the stream has trimmed all or some of its records', async () => {
    await write();
    const { letterOf, numberAt } = await theStream();
    const fromLater: StreamReader['iteratorOf'] = (stream, shard) =>
      reader.iteratorOf(stream, shard, { at: numberAt(1) });
    const trimmed = async () => {
      throw new TrimmedDataAccessException({ message: 'trimmed', $metadata: {} });
    };
    for (const iteratorOf of [trimmed, fromLater]) {
      const redrive = aRedrive(undefined, { ...reader, iteratorOf });
      expect(await redrive.run(aDeadLetterQueue([letterOf(0, -1)]))).toEqual({ redriven: 0, failed: 0, expired: 1 });
      expect(redrive.types()).toEqual([]);
    }
  });

  it('stays when the stream cannot be read, or when the letter cannot be removed', async () => {
    await write();
    const { letterOf } = await theStream();
    const throttled = async () => {
      throw Object.assign(new Error(`throttled for ${CUSTOMER}`), { name: 'LimitExceededException' });
    };
    const unread = aRedrive(undefined, { ...reader, read: throttled });
    const [unreadQueue, unremovedQueue] = [aDeadLetterQueue([letterOf(0)]), aDeadLetterQueue([letterOf(0)])];

    expect(await unread.run(unreadQueue)).toEqual({ redriven: 0, failed: 1, expired: 0 });
    expect(unread.lines.at(-1)).toBe('  LimitExceededException');
    expect(unreadQueue.visible()).toHaveLength(1);
    expect(await aRedrive().run({ ...unremovedQueue, remove: throttled })).toEqual({
      redriven: 0,
      failed: 1,
      expired: 0,
    });
    expect(unremovedQueue.visible()).toHaveLength(1);
  });

  it.each([
    ['no JSON', 'Hello'],
    ['nothing', '{}'],
    ['no number', aDeadLetter({ streamArn: 'a', shardId: 'b', startSequenceNumber: 'c', endSequenceNumber: '1' })],
  ])('that names no position, but has %s, stays', async (_, body) => {
    const queue = aDeadLetterQueue([body]);
    const redrive = aRedrive();

    expect(await redrive.run(queue)).toEqual({ redriven: 0, failed: 1, expired: 0 });

    expect(queue.visible()).toEqual([body]);
    expect(redrive.lines).toEqual([
      'failed: a message that is no dead letter of the stream',
      '  its body names no position in a stream',
    ]);
  });
});

describe('a long range', () => {
  it('is read to its end, page by page', async () => {
    for (let second = 0; second < 30; second += 1) await write(CUSTOMER, secondsAfterNoon(second));
    const { letterOf } = await theStream();
    const redrive = aRedrive();

    expect(await redrive.run(aDeadLetterQueue([letterOf(0, -1)]))).toMatchObject({ redriven: 1 });

    expect(redrive.types().filter((type) => type === 'message.received')).toHaveLength(30);
  });

  it('is read to its end and no further', async () => {
    await write();
    await write(OTHER);
    const { records, letterOf } = await theStream();
    const redrive = aRedrive();

    await redrive.run(aDeadLetterQueue([letterOf(0, records.length / 2 - 1, 100)]));

    expect(redrive.types()).toEqual(['session.opened', 'message.received']);
  });

  it('is read across empty pages', async () => {
    await write();
    const { letterOf } = await theStream();
    let calls = 0;
    const sparse: StreamReader['read'] = async (iterator, limit) => {
      calls += 1;
      return calls % 5 === 0 ? reader.read(iterator, limit) : { records: [], next: iterator };
    };
    const redrive = aRedrive(undefined, { ...reader, read: sparse });

    expect(await redrive.run(aDeadLetterQueue([letterOf(0, -1)]))).toMatchObject({ redriven: 1 });

    expect(redrive.types()).toEqual(['session.opened', 'message.received']);
  });
});

describe('an empty queue', () => {
  it('has nothing to redrive', async () => {
    expect(await aRedrive().run(aDeadLetterQueue([]))).toEqual({ redriven: 0, failed: 0, expired: 0 });
  });
});

describe('the end of a session, redriven after the customer has written again', () => {
  it('leaves the newer session and the customer record unchanged', async () => {
    await write();
    const first = await table.read(sessionKey(CHANNEL, CUSTOMER));
    await write(CUSTOMER, secondsAfterNoon(2 * DAY));
    const { records, letterOf } = await theStream();
    const ended = records.findIndex(
      ({ dynamodb }) => dynamodb?.Keys?.['sk']?.S === 'SESSION' && dynamodb.OldImage !== undefined,
    );
    await aRedrive().run(aDeadLetterQueue([letterOf(0, -1)]));
    const session = { channel: CHANNEL, customer: CUSTOMER, retentionDays: 30 };
    const newer = NOON_SECONDS + 2 * DAY;
    await table.store.recordHistory({
      ...session,
      session: aSessionItem({ sessionId: 'ses_newer', openedAt: newer, lastInboundAt: newer, expiresAt: newer + DAY }),
      reason: 'expired',
      endedAt: newer + DAY,
    });
    const keys = [
      sessionKey(CHANNEL, CUSTOMER),
      customerKey(CHANNEL, CUSTOMER),
      historyKey({
        channel: CHANNEL,
        customer: CUSTOMER,
        openedAt: NOON_SECONDS,
        sessionId: String(first?.['sessionId']),
      }),
      historyKey({ channel: CHANNEL, customer: CUSTOMER, openedAt: newer, sessionId: 'ses_newer' }),
    ];
    const before = await Promise.all(keys.map(table.read));

    expect(await aRedrive().run(aDeadLetterQueue([letterOf(ended)]))).toMatchObject({ redriven: 1 });

    expect(await Promise.all(keys.map(table.read))).toEqual(before);
    expect(before.map((item) => item?.['lastInboundAt'])).toEqual([newer, newer, NOON_SECONDS, newer]);
  });
});
