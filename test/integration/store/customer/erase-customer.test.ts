import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { CustomerKey } from '../../../../functions/shared/domain/customer.ts';
import type { Erased } from '../../../../functions/shared/store/customer/erase-customer.ts';
import { customerKey, pointerKey, sendKey, sessionKey } from '../../../../functions/shared/store/keys.ts';
import { DEPLOYMENT } from '../../../../functions/shared/store/usage/usage-keys.ts';
import { anArrival, CHANNEL, CUSTOMER, NOON, NOON_SECONDS, secondsAfterNoon } from '../../../support/arrivals.ts';
import { aChangeOfConsent } from '../../../support/consents.ts';
import { dynamoDbEndpoint } from '../../../support/endpoint.ts';
import { aBegunSend } from '../../../support/outbound.ts';
import { aTable, type TestTable } from '../../../support/table.ts';
import { anActivity, countersOf, mauOf } from '../../../support/usage.ts';

const USER = CustomerKey.parse('US.13491208655302741918');
const NEIGHBOUR = CustomerKey.parse('+16505551235');
const NOTHING = {
  sessions: 0,
  customers: 0,
  consents: 0,
  messages: 0,
  pastSessions: 0,
  unplaced: 0,
  claims: 0,
  members: 0,
};

let table: TestTable;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
});

const peer = () => table.peer();

const send = async (customer: CustomerKey) => (await aBegunSend(peer(), customer)).id;

const put = (item: Record<string, unknown>) =>
  table.documents.send(new PutCommand({ TableName: table.tableName, Item: item }));

/** One of everything that the table can hold of a customer: two messages of theirs, one to them. */
const live = async (customer: CustomerKey) => {
  const identities = customer.startsWith('+') ? { phone: customer } : { userId: customer };
  for (const second of [0, 1])
    await peer().recordInbound(
      anArrival({ at: secondsAfterNoon(second), id: `wamid.${customer}.${second}`, identities }),
    );
  const change = aChangeOfConsent('opted_in');
  await peer().recordConsent({ channel: CHANNEL, customer, change, now: NOON });
  await put({ ...sessionKey(CHANNEL, customer), sk: 'PAST#1763600000', lastInboundAt: 1 });
  return send(customer);
};
const ONE_OF_EVERYTHING = {
  sessions: 1,
  customers: 1,
  consents: 1,
  messages: 3,
  pastSessions: 1,
  unplaced: 0,
  claims: 1,
  members: 1,
};

const move = async (from: CustomerKey, movedTo: CustomerKey) => {
  await put({ ...sessionKey(CHANNEL, from), movedTo });
  await put({ ...customerKey(CHANNEL, from), movedTo });
};

const all = async (): Promise<readonly Record<string, unknown>[]> => {
  const { Items = [] } = await table.documents.send(
    new ScanCommand({ TableName: table.tableName, ConsistentRead: true }),
  );
  return Items;
};

/** All but the usage, which stays true, and the marks of erased sessions and claims of erased sends, which name no customer. */
const everything = async () =>
  (await all()).filter(({ pk, erased }) => !/^(USAGE|ERASED)#/.test(String(pk)) && erased !== true);

/** What the whole table still says of a customer, in keys and values alike. */
const left = async (customer: CustomerKey): Promise<readonly unknown[]> =>
  (await all()).filter((item) => JSON.stringify(item).includes(customer));

const ERASE = { channel: CHANNEL, customer: CUSTOMER, channels: [CHANNEL, 'sales'], now: NOON, goOn: () => true };

const erase = (customer = CUSTOMER, goOn: () => boolean = () => true) =>
  table.store.eraseCustomer({ ...ERASE, customer, goOn });

const sum = (all: readonly Erased[]) =>
  all.reduce<Record<string, number>>(
    (total, { removed }) =>
      Object.fromEntries(Object.entries(removed).map(([kind, count]) => [kind, (total[kind] ?? 0) + count])),
    NOTHING,
  );

describe('erasing a customer', () => {
  it('removes every item and says how many of each kind', async () => {
    await live(CUSTOMER);

    expect(await erase()).toEqual({ done: true, removed: ONE_OF_EVERYTHING });
    expect(await everything()).toEqual([]);
  });

  it('leaves everybody else alone', async () => {
    await live(NEIGHBOUR);
    const before = await everything();
    await live(CUSTOMER);

    await erase();

    expect(await everything()).toEqual(expect.arrayContaining([...before]));
    expect(await everything()).toHaveLength(before.length);
  });

  it('has nothing to remove of a customer never seen, nor when it is repeated', async () => {
    expect(await erase()).toEqual({ done: true, removed: NOTHING });

    await live(CUSTOMER);
    await erase();

    expect(await erase()).toEqual({ done: true, removed: NOTHING });
  });

  it('removes hundreds of messages with their claims', async () => {
    await peer().recordInbound(anArrival());
    const further = Array.from({ length: 149 }, (_, number) => anArrival({ id: `wamid.${number}`, opens: false }));
    await Promise.all(further.map((arrival) => peer().recordInbound(arrival)));
    await Promise.all(further.map(() => send(CUSTOMER)));

    expect((await erase()).removed).toMatchObject({ messages: 299, claims: 149 });
    expect(await everything()).toEqual([]);
  });

  it('leaves of the claim of a send that its id was used, until the key ends, and nothing of the customer', async () => {
    const id = await live(CUSTOMER);

    await erase();

    expect((await all()).filter(({ sk }) => sk === 'SEND')).toEqual([
      { ...sendKey(id), claimedBy: 'test', erased: true, expiresAt: NOON_SECONDS + 30 * 86_400 },
    ]);
    expect(await left(CUSTOMER)).toEqual([]);
  });

  it('keeps the claim of an id that was claimed again by a message to another customer', async () => {
    const id = await live(CUSTOMER);
    const claim = { ...sendKey(id), messagePk: sessionKey(CHANNEL, NEIGHBOUR).pk, messageSk: 'MSG#1#1' };
    await put(claim);

    expect((await erase()).removed).toMatchObject({ messages: 3, claims: 0 });
    expect(await everything()).toEqual([claim]);
  });
});

describe('a customer of several identities', () => {
  it.each([
    ['the old one', USER],
    ['the new one', CUSTOMER],
  ])('is erased under all of them when asked for by %s', async (_, asked) => {
    await live(USER);
    await live(CUSTOMER);
    await move(USER, CUSTOMER);
    await put({ ...customerKey(CHANNEL, CUSTOMER), phone: CUSTOMER, userId: USER });

    const { done, removed } = await erase(asked);

    expect({ done, ...removed }).toMatchObject({ done: true, sessions: 2, customers: 2, messages: 6, claims: 2 });
    expect(await everything()).toEqual([]);
  });

  it('is erased along every move, also in a circle', async () => {
    await live(NEIGHBOUR);
    await move(USER, CUSTOMER);
    await move(CUSTOMER, NEIGHBOUR);
    await put({ ...customerKey(CHANNEL, NEIGHBOUR), phone: NEIGHBOUR, userId: USER });

    expect((await erase(USER)).done).toBe(true);
    expect(await everything()).toEqual([]);
  });
});

describe('a monthly active user who is erased', () => {
  const activity = () => anActivity({ id: `wamid.${CUSTOMER}.0` });

  it('counts on, without a name', async () => {
    await live(CUSTOMER);
    await table.store.countActivities([activity()]);

    expect((await erase()).removed.members).toBe(1);

    expect(await mauOf(table)).toEqual({ channel: 1, deployment: 1 });
    expect(await left(CUSTOMER)).toEqual([]);
  });

  it('counts although not counted yet, and is not identified by a late count', async () => {
    await live(CUSTOMER);

    await erase();
    await table.store.countActivities([activity()]);

    expect(await mauOf(table)).toEqual({ channel: 1, deployment: 1 });
    expect(await left(CUSTOMER)).toEqual([]);
  });

  it('keeps their name in the deployment while another channel knows them', async () => {
    await live(CUSTOMER);
    await peer().recordInbound(anArrival({ channel: 'sales', id: 'wamid.sales' }));
    await table.store.countActivities([activity(), anActivity({ channel: 'sales', id: 'wamid.sales' })]);

    await erase();

    expect((await countersOf(table, CHANNEL)).members).not.toContain(CUSTOMER);
    expect((await countersOf(table, DEPLOYMENT)).members).toEqual([CUSTOMER]);
    expect((await countersOf(table, 'sales')).members).toEqual([CUSTOMER]);

    await table.store.eraseCustomer({ ...ERASE, channel: 'sales' });

    expect(await left(CUSTOMER)).toEqual([]);
    expect((await countersOf(table, DEPLOYMENT)).counted).toBe(1);
  });
});

describe('an erasure while the stream learns the identities of the customer', () => {
  const both = anActivity({ at: secondsAfterNoon(5), id: 'wamid.both' });

  /** An open session by number, and a message with both identities that is not counted yet. */
  const livesUnlinked = async () => {
    await peer().recordInbound(anArrival({ id: 'wamid.phone' }));
    await peer().countActivities([anActivity({ id: 'wamid.phone' })]);
    const identities = { phone: CUSTOMER, userId: USER };
    await peer().recordInbound(anArrival({ at: secondsAfterNoon(5), id: 'wamid.both', identities }));
  };

  it('leaves nothing, whenever that happens', async () => {
    let erased = 0;
    for (let request = 2; request <= 14; request += 2) {
      await livesUnlinked();
      const slow = table.tapped(request, () => peer().countActivities([both]));

      expect(await slow.eraseCustomer(ERASE)).toMatchObject({ done: true });
      expect([request, await left(CUSTOMER), await left(USER)]).toEqual([request, [], []]);
      erased += 1;
      expect(await mauOf(table)).toEqual({ channel: erased, deployment: erased });
    }
  });

  it('finds a name that stands in messages alone, also after a crash', async () => {
    for (const request of [4, 8, 12]) {
      await livesUnlinked();
      await peer().recordInbound(anArrival({ id: 'wamid.user', identities: { userId: USER } }));
      table.wire.reset();
      table.wire.failAt(request, 'after');
      await erase().catch(() => undefined);
      table.wire.reset();
      await erase();

      expect([request, await left(CUSTOMER), await left(USER)]).toEqual([request, [], []]);
    }
  });

  it('counts the customer once who was counted under one identity and is erased under both', async () => {
    await peer().recordInbound(anArrival({ id: 'wamid.user', identities: { userId: USER } }));
    await table.store.countActivities([anActivity({ customer: USER, id: 'wamid.user' })]);
    await livesUnlinked();

    await erase();

    expect(await left(USER)).toEqual([]);
    expect(await mauOf(table)).toEqual({ channel: 1, deployment: 1 });
  });
});

describe('what else an erasure finds', () => {
  it('counts a message that came days late and was not counted yet', async () => {
    const at = secondsAfterNoon(-3 * 86_400);
    await peer().recordInbound(anArrival({ at, now: NOON, id: 'wamid.late' }));

    await erase();

    expect(await mauOf(table)).toEqual({ channel: 1, deployment: 1 });
  });

  it('anonymizes a member of the month that is about to begin', async () => {
    const now = new Date('2026-11-30T23:58:00Z');
    const at = new Date('2026-12-01T00:00:30Z');
    await peer().recordInbound(anArrival({ at, now, id: 'wamid.ahead' }));
    await table.store.countActivities([anActivity({ at, id: 'wamid.ahead' })]);

    await table.store.eraseCustomer({ ...ERASE, now });

    expect(await left(CUSTOMER)).toEqual([]);
    expect(await mauOf(table, '2026-12')).toEqual({ channel: 1, deployment: 1 });
  });

  it('removes what cannot be read', async () => {
    await put({ ...sessionKey(CHANNEL, CUSTOMER), phase: 'ajar' });
    await put({ ...customerKey(CHANNEL, CUSTOMER), slotHolders: 7 });

    expect(await erase()).toMatchObject({ done: true, removed: { sessions: 1, customers: 1 } });
    expect(await left(CUSTOMER)).toEqual([]);
  });
});

describe('an erasure that is interrupted', () => {
  const pages = (count: number) => {
    let asked = 0;
    return () => {
      asked += 1;
      return asked <= count;
    };
  };

  it('is completed by repeating it, each item counted once', async () => {
    await Promise.all(Array.from({ length: 120 }, () => send(CUSTOMER)));
    const calls: Erased[] = [];

    do calls.push(await erase(CUSTOMER, pages(1)));
    while (calls.at(-1)?.done === false);

    expect(calls.length).toBeGreaterThan(1);
    expect(sum(calls)).toEqual({ ...NOTHING, messages: 120, claims: 120 });
    expect(await everything()).toEqual([]);
  });

  it('keeps the opt-out in force until everything else is gone', async () => {
    await live(CUSTOMER);
    const change = aChangeOfConsent('opted_out', 60);
    await peer().recordConsent({ channel: CHANNEL, customer: CUSTOMER, change, now: secondsAfterNoon(60) });

    expect(await erase(CUSTOMER, pages(1))).toMatchObject({ done: false });
    expect(await peer().loadCustomer(CHANNEL, CUSTOMER)).toMatchObject({ record: { consent: { state: 'opted_out' } } });
    expect((await everything()).map(({ sk }) => sk)).toEqual(['CUSTOMER', 'SESSION']);
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ] as const)('is healed by repeating it, wherever it broke %s a request, and counted once', async (when, first) => {
    let broke = true;
    let erased = 0;
    for (let request = first; broke; request += 2) {
      await send(USER);
      await Promise.all([live(CUSTOMER), move(USER, CUSTOMER)]);
      table.wire.reset();
      table.wire.failAt(request, when);
      broke = await erase(USER).then(
        () => false,
        () => true,
      );
      table.wire.reset();

      expect(await erase(USER)).toMatchObject({ done: true });
      erased += 1;
      expect([request, await everything()]).toEqual([request, []]);
      expect([request, await mauOf(table)]).toEqual([request, { channel: erased, deployment: erased }]);
      expect(request).toBeLessThan(100);
    }
    expect(await left(CUSTOMER)).toEqual([]);
  });
});

describe('after a customer was erased', () => {
  const report = { channel: CHANNEL, to: 'delivered', atMs: NOON.getTime() + 5, providerMessageId: 'wamid.1' } as const;

  it.each(['sent', 'delivered', 'read', 'failed'] as const)('a late %s brings nothing back', async (to) => {
    const id = await live(CUSTOMER);
    const reference = `cw1.${NOON.getTime()}.${id}.${CUSTOMER}`;
    expect(await table.store.recordStatus({ ...report, reference })).toMatchObject({ kind: 'updated' });
    await erase();

    const error = { code: '131047', title: 'Too late', class: 'window_closed' };
    const late = await table.store.recordStatus({ ...report, to, reference, ...(to === 'failed' ? { error } : {}) });

    expect(late).toEqual({ kind: 'unknown_message' });
    expect(await everything()).toEqual([]);
  });

  it('a message that the provider delivers again is a new one', async () => {
    const message = anArrival();
    await table.store.recordInbound(message);
    await erase();

    expect(await table.store.recordInbound(message)).toMatchObject({ isNew: true, window: 'opened' });
    expect(await left(CUSTOMER)).toHaveLength(3);
  });
});

describe('a send during an erasure', () => {
  it('goes too when it is recorded before the last look', async () => {
    await live(CUSTOMER);
    const DURING = 5;

    const erased = await table.tapped(DURING, () => send(CUSTOMER)).eraseCustomer(ERASE);

    expect(erased).toEqual({ done: true, removed: { ...ONE_OF_EVERYTHING, messages: 4, claims: 2 } });
    expect(await everything()).toEqual([]);
  });

  it('leaves its record when it is recorded after that, until its retention ends or the call is repeated', async () => {
    await erase();
    await send(CUSTOMER);

    const retention = NOON_SECONDS + 30 * 86_400;
    expect((await everything()).map(({ expiresAt }) => expiresAt)).toEqual([retention, retention]);
    expect((await erase()).removed).toEqual({ ...NOTHING, messages: 1, claims: 1 });
    expect(await everything()).toEqual([]);
  });
});

describe('the pointer from the provider’s id', () => {
  it('is erased with its message', async () => {
    const begun = await aBegunSend(peer(), CUSTOMER);
    const pointer = pointerKey(CHANNEL, '01SENT');
    await peer().completeSend(begun, {
      to: 'sent',
      atMs: NOON.getTime(),
      by: 'service',
      providerMessageId: '01SENT',
      pointsFromProvider: true,
    });
    expect(await table.read(pointer)).toBeDefined();

    await peer().eraseCustomer({
      channel: CHANNEL,
      customer: CUSTOMER,
      channels: [CHANNEL],
      now: NOON,
      goOn: () => true,
    });

    expect(await table.read(pointer)).toBeUndefined();
  });
});
