import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { CustomerKey } from '../../../../functions/shared/domain/customer.ts';
import { sessionKey } from '../../../../functions/shared/store/keys.ts';
import { anArrival, CHANNEL, CUSTOMER, NOON, NOON_SECONDS, secondsAfterNoon } from '../../../support/arrivals.ts';
import { aStoredSession, putAll } from '../../../support/closing.ts';
import { dynamoDbEndpoint } from '../../../support/endpoint.ts';
import { aTable, type TestTable } from '../../../support/table.ts';

const DAY = 86_400;
const HOUR = 3_600;

let table: TestTable;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
});

const named = (number: number) => CustomerKey.parse(`+1650555${String(1_000 + number)}`);
const put = (items: readonly object[]) => putAll(table, items);
/** A session that ends that many seconds after noon. */
const ending = (customer: CustomerKey, seconds: number) =>
  aStoredSession({ channel: CHANNEL, customer, expiresAt: NOON_SECONDS + seconds });

const closing = (options: Partial<Parameters<TestTable['store']['listClosing']>[0]> = {}) =>
  table.store.listClosing({ channel: CHANNEL, now: NOON, withinSeconds: HOUR, limit: 20, ...options });
const count = (withinSeconds = HOUR, now = NOON) => table.store.countClosing({ channel: CHANNEL, now, withinSeconds });
const namesOf = ({ sessions }: Awaited<ReturnType<typeof closing>>) => sessions.map(({ customer }) => customer);

const standsAnywhere = async (customer = CUSTOMER): Promise<boolean> =>
  (await table.read(sessionKey(CHANNEL, customer)))?.['dueAt'] !== undefined;

describe('the sessions that close soon', () => {
  it('come soonest first, each with what is known of its customer', async () => {
    await table.store.recordInbound(anArrival({ identities: { phone: named(2) }, at: secondsAfterNoon(20) }));
    await table.store.recordInbound(anArrival({ identities: { phone: named(1) }, at: secondsAfterNoon(10) }));
    await table.store.recordInbound(anArrival({ identities: { phone: named(3) }, at: secondsAfterNoon(1_000) }));

    const page = await closing({ now: secondsAfterNoon(DAY - HOUR + 1_000) });

    expect(page.next).toBeUndefined();
    expect(page.sessions).toMatchObject([
      { customer: named(1), session: { expiresAt: NOON_SECONDS + DAY + 10 } },
      { customer: named(2), session: { expiresAt: NOON_SECONDS + DAY + 20 } },
      { customer: named(3), record: { consent: { state: 'unknown' }, lastOpenedAt: NOON_SECONDS + 1_000 } },
    ]);
  });

  it('are those that end after now and by the last second, no others', async () => {
    await put([-1, 0, 1, HOUR, HOUR + 1].map((seconds, index) => ending(named(index), seconds)));

    expect(namesOf(await closing())).toEqual([named(2), named(3)]);
    expect(await count()).toBe(2);
    expect(namesOf(await closing({ now: new Date(NOON.getTime() + 999) }))).toEqual([named(2), named(3)]);
    expect(namesOf(await closing({ now: secondsAfterNoon(1) }))).toEqual([named(3), named(4)]);
  });

  it('are those of the channel', async () => {
    await put([
      ending(named(1), 60),
      aStoredSession({ channel: 'support-2', customer: named(2), expiresAt: NOON_SECONDS + 60 }),
    ]);

    expect(namesOf(await closing())).toEqual([named(1)]);
    expect(await count()).toBe(1);
  });

  it('are no longer those whose customer has written again', async () => {
    await table.store.recordInbound(anArrival({ at: NOON }));
    const now = secondsAfterNoon(DAY - 60);
    expect(namesOf(await closing({ now }))).toEqual([CUSTOMER]);

    await table.store.recordInbound(anArrival({ at: now, id: 'wamid.2' }));

    expect(await closing({ now })).toEqual({ sessions: [], next: undefined });
    expect(await count(HOUR, now)).toBe(0);
    expect(namesOf(await closing({ now: secondsAfterNoon(2 * DAY - 120) }))).toEqual([CUSTOMER]);
  });

  it('are none where no customer writes', async () => {
    expect(await closing({ withinSeconds: HOUR })).toEqual({ sessions: [], next: undefined });
    expect(await count(HOUR)).toBe(0);
  });
});

describe('an index that lags behind', () => {
  it('shows a session at the end that it has by now', async () => {
    const early = {
      channel: CHANNEL,
      customer: named(1),
      expiresAt: NOON_SECONDS + HOUR - 30,
      dueAt: NOON_SECONDS + 60,
    };
    await put([aStoredSession(early), ending(named(2), HOUR - 60)]);

    expect(namesOf(await closing())).toEqual([named(2), named(1)]);
    expect(await count()).toBe(2);
    expect(await closing({ withinSeconds: 120 })).toEqual({ sessions: [], next: undefined });
    expect(await count(120)).toBe(0);
  });

  it('shows a session whose entry was due while the sweep paused', async () => {
    const early = {
      channel: CHANNEL,
      customer: named(1),
      expiresAt: NOON_SECONDS + 60,
      dueAt: NOON_SECONDS - HOUR / 2,
    };
    await put([aStoredSession(early)]);

    expect(namesOf(await closing())).toEqual([named(1)]);
    expect(await count()).toBe(1);
  });

  it('shows neither a merged nor an erased customer', async () => {
    const { dueShard, dueAt } = ending(named(1), 60);
    await put([{ ...sessionKey(CHANNEL, named(1)), movedTo: named(2), dueShard, dueAt }, ending(named(2), 90)]);
    await put([ending(named(3), 30)]);
    const slow = table.tapped(6, () =>
      table.store.eraseCustomer({
        channel: CHANNEL,
        customer: named(3),
        channels: [CHANNEL],
        now: NOON,
        goOn: () => true,
      }),
    );

    const page = await slow.listClosing({ channel: CHANNEL, now: NOON, withinSeconds: 299, limit: 20 });

    expect(namesOf(page)).toEqual([named(2)]);
  });
});

describe('a page', () => {
  const thirty = Array.from({ length: 30 }, (_, index) => named(index));

  it('ends where the next one begins, also among those that end in the same second', async () => {
    await put(thirty.map((customer) => ending(customer, 60)));

    const first = await closing({ limit: 7 });
    const second = await closing({ limit: 7, after: first.next });
    const rest = await closing({ limit: 16, after: second.next });

    expect([first, second, rest].map(({ sessions }) => sessions.length)).toEqual([7, 7, 16]);
    expect(rest.next).toBeUndefined();
    expect([first, second, rest].flatMap(namesOf).toSorted()).toEqual(thirty);
  });

  it('goes on when the last session of the page before has moved out, or its end has passed', async () => {
    await put([ending(named(1), 10), ending(named(2), 400), ending(named(3), 800), ending(named(4), 1_200)]);
    const { next } = await closing({ limit: 2 });
    await put([ending(named(2), HOUR)]);

    expect(namesOf(await closing({ after: next }))).toEqual([named(3), named(4), named(2)]);
    expect(namesOf(await closing({ after: next, now: secondsAfterNoon(1_000) }))).toEqual([named(4), named(2)]);
  });

  it('is empty when the page before ended beyond what is asked for now', async () => {
    await put([ending(named(1), 1_000), ending(named(2), 2_000)]);
    const { next } = await closing({ limit: 1 });

    expect(await closing({ after: next, withinSeconds: 60 })).toEqual({ sessions: [], next: undefined });
  });

  it('costs one query a shard, its cursor and two reads where sessions stand close together', async () => {
    await put(thirty.map((customer) => ending(customer, 60)));
    table.wire.reset();

    expect((await closing({ limit: 5 })).sessions).toHaveLength(5);

    expect(table.wire.commands.toSorted()).toEqual([
      'BatchGetItem',
      'BatchGetItem',
      'GetItem',
      ...Array.from({ length: 4 }, () => 'Query'),
    ]);
  });

  it('costs five requests where no session ends within a day', async () => {
    await closing({ withinSeconds: DAY, limit: 100 });

    expect(table.wire.commands.toSorted()).toEqual(['GetItem', ...Array.from({ length: 4 }, () => 'Query')]);
  });

  it('reads the sessions that have ended and are not swept yet a hundred at a time', async () => {
    const ended = Array.from({ length: 300 }, (_, index) => ending(named(index), index % 299));
    await put([...ended, ending(named(500), 299), ending(named(501), 301)]);
    table.wire.reset();

    const page = await closing({ now: secondsAfterNoon(298), withinSeconds: 30, limit: 2 });

    expect(namesOf(page)).toEqual([named(500), named(501)]);
    expect(table.wire.commands.filter((name) => name === 'BatchGetItem').length).toBeLessThanOrEqual(8);
  });
});

describe('a session that has closed', () => {
  const found = async () => {
    const { Items } = await table.documents.send(
      new QueryCommand({
        TableName: table.tableName,
        IndexName: 'byDueAt',
        KeyConditionExpression: 'dueShard = :shard',
        ExpressionAttributeValues: { ':shard': ending(CUSTOMER, DAY).dueShard },
      }),
    );
    return Items;
  };
  const close = () =>
    table.store.recordProviderClosed({
      channel: CHANNEL,
      customer: CUSTOMER,
      decidedOn: NOON_SECONDS,
      atMs: NOON.getTime() + 1_000,
    });

  it('leaves the index when the provider closes it early, until the customer writes again', async () => {
    await table.store.recordInbound(anArrival({ at: NOON }));
    const now = secondsAfterNoon(DAY - 60);
    expect(await count(HOUR, now)).toBe(1);

    expect(await close()).toBe(true);
    expect(await found()).toEqual([]);
    expect(await closing({ now })).toEqual({ sessions: [], next: undefined });
    expect(await count(HOUR, now)).toBe(0);

    await table.store.recordInbound(anArrival({ at: secondsAfterNoon(60), id: 'wamid.2' }));
    expect(namesOf(await closing({ now }))).toEqual([CUSTOMER]);
    expect(await count(HOUR, now)).toBe(1);
  });

  it('stays in the index when the customer had written before the provider closed it', async () => {
    await table.store.recordInbound(anArrival({ at: secondsAfterNoon(60) }));

    expect(await close()).toBe(false);
    expect(await standsAnywhere()).toBe(true);
  });

  it('is not shown where the index still holds it', async () => {
    const session = ending(CUSTOMER, 60);
    await put([{ ...session, phase: 'closed', providerClosedFor: session.lastInboundAt }]);

    expect(await closing()).toEqual({ sessions: [], next: undefined });
  });

  it('leaves the index when the sweep closes it, not when it announces its end', async () => {
    await table.store.recordInbound(anArrival({ at: NOON }));
    const keys = [sessionKey(CHANNEL, CUSTOMER)];

    await table.store.setPhases(keys, { closingLeadSeconds: HOUR, now: secondsAfterNoon(DAY - 60) });
    expect(await standsAnywhere()).toBe(true);

    await table.store.setPhases(keys, { closingLeadSeconds: HOUR, now: secondsAfterNoon(DAY) });
    expect(await standsAnywhere()).toBe(false);
    expect(await found()).toEqual([]);

    await table.store.recordInbound(anArrival({ at: secondsAfterNoon(DAY), id: 'wamid.2' }));
    expect(await standsAnywhere()).toBe(true);
  });
});
