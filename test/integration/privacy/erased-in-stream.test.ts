import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createChangeStream } from '../../../functions/change-stream/change-stream.ts';
import { ownName } from '../../../functions/shared/domain/names.ts';
import type { StreamRecord } from '../../../functions/shared/store/changes.ts';
import { startTableStream, type TableStream } from '../../../infra/local/table-stream.ts';
import { anArrival, CHANNEL, CUSTOMER, NOON, NOON_SECONDS, secondsAfterNoon } from '../../support/arrivals.ts';
import { aUserId } from '../../support/builders.ts';
import { aChangeOfConsent } from '../../support/consents.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { aConfig, aLog } from '../../support/service.ts';
import { aTable, type TestTable } from '../../support/table.ts';
import { mauOf } from '../../support/usage.ts';

const DAY = 86_400;

let table: TestTable;
let stream: TableStream | undefined;
let held: StreamRecord[];
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
  held = [];
  stream = await startTableStream(dynamoDbEndpoint(), table.tableName, async ({ Records }) => {
    held.push(...Records);
    return { batchItemFailures: [] };
  });
});
afterEach(() => stream?.stop());

const erase = () =>
  table
    .peer()
    .eraseCustomer({ channel: CHANNEL, customer: CUSTOMER, channels: [CHANNEL], now: NOON, goOn: () => true });

const kindsLeft = async (): Promise<readonly string[]> =>
  (await table.scan())
    .filter((item) => JSON.stringify(item).includes(CUSTOMER))
    .map(({ sk }) => String(sk).split('#', 1)[0] ?? '');

/** The records that the stream holds, in the order of the table. */
const records = async (): Promise<readonly StreamRecord[]> => {
  await stream?.drain();
  return held.splice(0);
};

const deliver = async (some: readonly StreamRecord[]) => {
  const handler = createChangeStream({
    config: aConfig('http://127.0.0.1:9'),
    tableName: table.tableName,
    dynamo: table.client,
    now: () => secondsAfterNoon(2 * DAY),
    log: aLog(),
    bus: { put: async (entries) => entries.map(() => true) },
  });
  expect(await handler({ Records: some })).toEqual({ batchItemFailures: [] });
};

const isOfMessage = ({ dynamodb }: StreamRecord) => dynamodb?.Keys?.['sk']?.S?.startsWith('MSG#') === true;

describe('a message that is put after the erasure of the session that it extended or opened', () => {
  it.each([
    ['extends', 2, [anArrival()]],
    ['opens', 4, []],
  ])('is removed by the stream: it %s', async (_, write, before) => {
    for (const arrival of before) await table.peer().recordInbound(arrival);
    await table.tapped(write, erase).recordInbound(anArrival({ at: secondsAfterNoon(5), id: 'wamid.late' }));
    expect(await kindsLeft()).toEqual(['MSG']);

    await deliver(await records());

    expect(await kindsLeft()).toEqual([]);
  });

  it('is removed where another session has replaced the one that it extended', async () => {
    await table.peer().recordInbound(anArrival());
    const replaceAndErase = async () => {
      await table.peer().recordInbound(anArrival({ at: secondsAfterNoon(DAY + 9), id: 'wamid.next' }));
      await erase();
    };
    await table.tapped(2, replaceAndErase).recordInbound(anArrival({ at: secondsAfterNoon(5), id: 'wamid.late' }));
    expect(await kindsLeft()).toEqual(['MSG']);

    await deliver(await records());

    expect(await kindsLeft()).toEqual([]);
  });

  it('is removed where the customer has come back and is counted already, and does not count', async () => {
    await table.peer().recordInbound(anArrival());
    await table.tapped(2, erase).recordInbound(anArrival({ at: secondsAfterNoon(5), id: 'wamid.late' }));
    const late = (await records()).filter(isOfMessage);
    await table.peer().recordInbound(anArrival({ at: secondsAfterNoon(9), id: 'wamid.back' }));
    await deliver(await records());

    await deliver(late);

    expect((await kindsLeft()).toSorted()).toEqual(['CUSTOMER', 'MEMBER', 'MEMBER', 'MSG', 'SESSION']);
    expect(await table.peer().readThread({ channel: CHANNEL, customer: CUSTOMER, limit: 9 })).toMatchObject({
      messages: [{ id: 'wamid.back' }],
    });
    expect(await mauOf(table)).toEqual({ channel: 2, deployment: 2 });
  });

  it.each([
    ['nothing else has come', []],
    ['the customer has come back with a newer one', [anArrival({ at: secondsAfterNoon(9), id: 'wamid.back' })]],
  ])('stays when it was delivered again before the stream comes to it: %s', async (_, back) => {
    const late = anArrival({ at: secondsAfterNoon(5), id: 'wamid.late' });
    await table.tapped(4, erase).recordInbound(late);
    for (const arrival of back) await table.peer().recordInbound(arrival);
    await table.peer().recordInbound(late);

    await deliver(await records());

    const { messages } = await table.peer().readThread({ channel: CHANNEL, customer: CUSTOMER, limit: 9 });
    expect(messages.map(({ id }) => id)).toContain('wamid.late');
    expect((await kindsLeft()).filter((kind) => kind === 'SESSION')).toHaveLength(1);
  });

  it('stays when it is delivered again too late to open a session', async () => {
    const late = anArrival({ id: 'wamid.late' });
    await table.tapped(4, erase).recordInbound(late);
    await table.peer().recordInbound({ ...late, now: secondsAfterNoon(DAY + 60) });

    await deliver(await records());

    const { messages } = await table.peer().readThread({ channel: CHANNEL, customer: CUSTOMER, limit: 9 });
    expect(messages).toMatchObject([{ id: 'wamid.late', window: { state: 'closed' } }]);
    expect((await kindsLeft()).toSorted()).toEqual(['CUSTOMER', 'MEMBER', 'MEMBER', 'MSG']);
  });

  it('stays where its session has ended by itself', async () => {
    await table.peer().recordInbound(anArrival());
    const first = await records();
    await table.peer().recordInbound(anArrival({ at: secondsAfterNoon(2 * DAY), id: 'wamid.next' }));
    await deliver(await records());

    await deliver(first);

    expect((await kindsLeft()).filter((kind) => kind === 'MSG')).toHaveLength(2);
  });
});

describe('a message that is put after its session was merged into another one and both were erased', () => {
  it('is removed by the stream', async () => {
    const userId = aUserId();
    const link = {
      channel: CHANNEL,
      names: [CUSTOMER, userId].map(ownName),
      at: NOON_SECONDS,
      learnedFrom: 'status',
    } as const;
    await table.peer().recordInbound(anArrival({ at: secondsAfterNoon(60) }));
    const mergeAndErase = async () => {
      expect(await table.peer().linkNames({ link, now: NOON })).toEqual({ kind: 'linked' });
      expect(await erase()).toMatchObject({ done: true });
    };

    await table.tapped(4, mergeAndErase).recordInbound(anArrival({ id: 'wamid.late', identities: { userId } }));
    const left = async () => (await table.scan()).filter((item) => JSON.stringify(item).includes(userId));
    expect((await left()).map(({ id }) => id)).toEqual(['wamid.late']);

    await deliver(await records());

    expect(await left()).toEqual([]);
  });
});

describe('the mark of an erased session', () => {
  it('names no customer, and is deleted by DynamoDB after two days', async () => {
    await table.peer().recordInbound(anArrival());
    await erase();

    const marks = (await table.scan()).filter(({ sk }) => sk === 'ERASED');

    expect(marks).toEqual([
      { pk: expect.stringMatching(/^ERASED#ses_/), sk: 'ERASED', expiresAt: NOON.getTime() / 1000 + 2 * DAY },
    ]);
  });
});

describe('a delayed record of a session that ended before its customer was erased', () => {
  const ended = async () => {
    await table.peer().recordInbound(anArrival());
    await table.peer().recordInbound(anArrival({ at: secondsAfterNoon(DAY + 1), id: 'wamid.next' }));
    return records();
  };
  const back = secondsAfterNoon(DAY + 60);

  it.each([
    ['a message', () => table.peer().recordInbound(anArrival({ at: back, id: 'wamid.back' }))],
    [
      'a message from the future',
      () => table.peer().recordInbound(anArrival({ at: secondsAfterNoon(DAY + 3_600), now: back, id: 'wamid.back' })),
    ],
    [
      'a consent',
      () =>
        table.peer().recordConsent({
          channel: CHANNEL,
          customer: CUSTOMER,
          change: aChangeOfConsent('opted_in'),
          now: back,
        }),
    ],
    [
      'a consent with If-Match',
      () =>
        table
          .peer()
          .recordConsentIfMatch(
            { channel: CHANNEL, customer: CUSTOMER, change: aChangeOfConsent('opted_in'), now: back },
            [0],
          ),
    ],
  ])('adds nothing to the one who comes back with %s', async (_, comeBack) => {
    const delayed = await ended();
    await erase();
    await comeBack();

    await deliver(delayed);

    expect((await kindsLeft()).filter((kind) => kind === 'PAST')).toEqual([]);
    expect(await table.peer().loadCustomer(CHANNEL, CUSTOMER)).not.toMatchObject({
      record: { lastInboundAt: NOON.getTime() / 1000 },
    });
  });

  it('is added to the history of a customer who was not erased', async () => {
    await deliver(await ended());

    expect(await kindsLeft()).toContain('PAST');
  });

  it.each([
    ['in the second in which the customer comes back', 60],
    ['after that by the clock of the provider', 62],
  ])('adds nothing of a session that the provider closed %s', async (_, second) => {
    await table.peer().recordInbound(anArrival());
    await table.peer().recordProviderClosed({
      channel: CHANNEL,
      customer: CUSTOMER,
      decidedOn: NOON_SECONDS,
      atMs: secondsAfterNoon(second).getTime(),
    });
    await erase();
    const delayed = await records();
    await table.peer().recordInbound(
      // The customer is known since then, and wrote it before the session that is erased.
      anArrival({ at: secondsAfterNoon(-DAY), now: secondsAfterNoon(60), id: 'wamid.back' }),
    );

    await deliver(delayed);

    expect((await kindsLeft()).filter((kind) => kind === 'PAST')).toEqual([]);
    expect(await table.peer().loadCustomer(CHANNEL, CUSTOMER)).not.toMatchObject({
      record: { lastInboundAt: NOON_SECONDS },
    });
  });
});
