import { beforeEach, describe, expect, it } from 'vitest';
import { CustomerKey } from '../../../../functions/shared/domain/customer.ts';
import { customerKey, pointerKey, sendKey, sessionKey } from '../../../../functions/shared/store/keys.ts';
import { DEPLOYMENT } from '../../../../functions/shared/store/usage/usage-keys.ts';
import { anArrival, CHANNEL, CUSTOMER, NOON, NOON_SECONDS, secondsAfterNoon } from '../../../support/arrivals.ts';
import { aChangeOfConsent } from '../../../support/consents.ts';
import { dynamoDbEndpoint } from '../../../support/endpoint.ts';
import { createTraces, ERASE, NOTHING_REMOVED } from '../../../support/erasure.ts';
import { aBegunSend } from '../../../support/outbound.ts';
import { aTable, type TestTable } from '../../../support/table.ts';
import { anActivity, countersOf, mauOf } from '../../../support/usage.ts';

const USER = CustomerKey.parse('US.13491208655302741918');
const NEIGHBOUR = CustomerKey.parse('+16505551235');
let table: TestTable;
let traces: ReturnType<typeof createTraces>;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
  traces = createTraces(table);
});

const peer = () => table.peer();

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

describe('erasing a customer', () => {
  it('removes every item and says how many of each kind', async () => {
    await traces.live(CUSTOMER);

    expect(await traces.erase()).toEqual({ done: true, removed: ONE_OF_EVERYTHING });
    expect(await traces.everything()).toEqual([]);
  });

  it('leaves everybody else alone', async () => {
    await traces.live(NEIGHBOUR);
    const before = await traces.everything();
    await traces.live(CUSTOMER);

    await traces.erase();

    expect(await traces.everything()).toEqual(expect.arrayContaining([...before]));
    expect(await traces.everything()).toHaveLength(before.length);
  });

  it('has nothing to remove of a customer never seen, nor when it is repeated', async () => {
    expect(await traces.erase()).toEqual({ done: true, removed: NOTHING_REMOVED });

    await traces.live(CUSTOMER);
    await traces.erase();

    expect(await traces.erase()).toEqual({ done: true, removed: NOTHING_REMOVED });
  });

  it('removes hundreds of messages with their claims', async () => {
    await peer().recordInbound(anArrival());
    const further = Array.from({ length: 149 }, (_, number) => anArrival({ id: `wamid.${number}`, opens: false }));
    await Promise.all(further.map((arrival) => peer().recordInbound(arrival)));
    await Promise.all(further.map(() => traces.send(CUSTOMER)));

    expect((await traces.erase()).removed).toMatchObject({ messages: 299, claims: 149 });
    expect(await traces.everything()).toEqual([]);
  });

  it('leaves of the claim of a send that its id was used, until the key ends, and nothing of the customer', async () => {
    const id = await traces.live(CUSTOMER);

    await traces.erase();

    expect((await table.scan()).filter(({ sk }) => sk === 'SEND')).toEqual([
      { ...sendKey(id), claimedBy: 'test', erased: true, expiresAt: NOON_SECONDS + 30 * 86_400 },
    ]);
    expect(await traces.left(CUSTOMER)).toEqual([]);
  });

  it('keeps the claim of an id that was claimed again by a message to another customer', async () => {
    const id = await traces.live(CUSTOMER);
    const claim = { ...sendKey(id), messagePk: sessionKey(CHANNEL, NEIGHBOUR).pk, messageSk: 'MSG#1#1' };
    await traces.put(claim);

    expect((await traces.erase()).removed).toMatchObject({ messages: 3, claims: 0 });
    expect(await traces.everything()).toEqual([claim]);
  });
});

describe('a customer of several identities', () => {
  it.each([
    ['the old one', USER],
    ['the new one', CUSTOMER],
  ])('is erased under all of them when asked for by %s', async (_, asked) => {
    await traces.live(USER);
    await traces.live(CUSTOMER);
    await traces.move(USER, CUSTOMER);
    await traces.put({ ...customerKey(CHANNEL, CUSTOMER), phone: CUSTOMER, userId: USER });

    const { done, removed } = await traces.erase(asked);

    expect({ done, ...removed }).toMatchObject({ done: true, sessions: 2, customers: 2, messages: 6, claims: 2 });
    expect(await traces.everything()).toEqual([]);
  });

  it('is erased along every move, also in a circle', async () => {
    await traces.live(NEIGHBOUR);
    await traces.move(USER, CUSTOMER);
    await traces.move(CUSTOMER, NEIGHBOUR);
    await traces.put({ ...customerKey(CHANNEL, NEIGHBOUR), phone: NEIGHBOUR, userId: USER });

    expect((await traces.erase(USER)).done).toBe(true);
    expect(await traces.everything()).toEqual([]);
  });
});

describe('a monthly active user who is erased', () => {
  const activity = () => anActivity({ id: `wamid.${CUSTOMER}.0` });

  it('counts on, without a name', async () => {
    await traces.live(CUSTOMER);
    await table.store.countActivities([activity()]);

    expect((await traces.erase()).removed.members).toBe(1);

    expect(await mauOf(table)).toEqual({ channel: 1, deployment: 1 });
    expect(await traces.left(CUSTOMER)).toEqual([]);
  });

  it('counts although not counted yet, and is not identified by a late count', async () => {
    await traces.live(CUSTOMER);

    await traces.erase();
    await table.store.countActivities([activity()]);

    expect(await mauOf(table)).toEqual({ channel: 1, deployment: 1 });
    expect(await traces.left(CUSTOMER)).toEqual([]);
  });

  it('keeps their name in the deployment while another channel knows them', async () => {
    await traces.live(CUSTOMER);
    await peer().recordInbound(anArrival({ channel: 'sales', id: 'wamid.sales' }));
    await table.store.countActivities([activity(), anActivity({ channel: 'sales', id: 'wamid.sales' })]);

    await traces.erase();

    expect((await countersOf(table, CHANNEL)).members).not.toContain(CUSTOMER);
    expect((await countersOf(table, DEPLOYMENT)).members).toEqual([CUSTOMER]);
    expect((await countersOf(table, 'sales')).members).toEqual([CUSTOMER]);

    await table.store.eraseCustomer({ ...ERASE, channel: 'sales' });

    expect(await traces.left(CUSTOMER)).toEqual([]);
    expect((await countersOf(table, DEPLOYMENT)).counted).toBe(1);
  });
});

describe('what else an erasure finds', () => {
  it('counts a message that came days late and was not counted yet', async () => {
    const at = secondsAfterNoon(-3 * 86_400);
    await peer().recordInbound(anArrival({ at, now: NOON, id: 'wamid.late' }));

    await traces.erase();

    expect(await mauOf(table)).toEqual({ channel: 1, deployment: 1 });
  });

  it('anonymizes a member of the month that is about to begin', async () => {
    const now = new Date('2026-11-30T23:58:00Z');
    const at = new Date('2026-12-01T00:00:30Z');
    await peer().recordInbound(anArrival({ at, now, id: 'wamid.ahead' }));
    await table.store.countActivities([anActivity({ at, id: 'wamid.ahead' })]);

    await table.store.eraseCustomer({ ...ERASE, now });

    expect(await traces.left(CUSTOMER)).toEqual([]);
    expect(await mauOf(table, '2026-12')).toEqual({ channel: 1, deployment: 1 });
  });

  it('removes what cannot be read', async () => {
    await traces.put({ ...sessionKey(CHANNEL, CUSTOMER), phase: 'ajar' });
    await traces.put({ ...customerKey(CHANNEL, CUSTOMER), slotHolders: 7 });

    expect(await traces.erase()).toMatchObject({ done: true, removed: { sessions: 1, customers: 1 } });
    expect(await traces.left(CUSTOMER)).toEqual([]);
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

  it('keeps the opt-out in force until everything else is gone', async () => {
    await traces.live(CUSTOMER);
    const change = aChangeOfConsent('opted_out', 60);
    await peer().recordConsent({ channel: CHANNEL, customer: CUSTOMER, change, now: secondsAfterNoon(60) });

    expect(await traces.erase(CUSTOMER, pages(1))).toMatchObject({ done: false });
    expect(await peer().loadCustomer(CHANNEL, CUSTOMER)).toMatchObject({ record: { consent: { state: 'opted_out' } } });
    expect((await traces.everything()).map(({ sk }) => sk)).toEqual(['CUSTOMER', 'SESSION']);
  });
});

describe('after a customer was erased', () => {
  const report = { channel: CHANNEL, to: 'delivered', atMs: NOON.getTime() + 5, providerMessageId: 'wamid.1' } as const;

  it.each(['sent', 'delivered', 'read', 'failed'] as const)('a late %s brings nothing back', async (to) => {
    const id = await traces.live(CUSTOMER);
    const reference = `cw1.${NOON.getTime()}.${id}.${CUSTOMER}`;
    expect(await table.store.recordStatus({ ...report, reference })).toMatchObject({ kind: 'updated' });
    await traces.erase();

    const error = { code: '131047', title: 'Too late', class: 'window_closed' };
    const late = await table.store.recordStatus({ ...report, to, reference, ...(to === 'failed' ? { error } : {}) });

    expect(late).toEqual({ kind: 'unknown_message' });
    expect(await traces.everything()).toEqual([]);
  });

  it('a message that the provider delivers again is a new one', async () => {
    const message = anArrival();
    await table.store.recordInbound(message);
    await traces.erase();

    expect(await table.store.recordInbound(message)).toMatchObject({ isNew: true, window: 'opened' });
    expect(await traces.left(CUSTOMER)).toHaveLength(3);
  });
});

describe('a send during an erasure', () => {
  it('goes too when it is recorded before the last look', async () => {
    await traces.live(CUSTOMER);
    const DURING = 5;

    const erased = await table.tapped(DURING, () => traces.send(CUSTOMER)).eraseCustomer(ERASE);

    expect(erased).toEqual({ done: true, removed: { ...ONE_OF_EVERYTHING, messages: 4, claims: 2 } });
    expect(await traces.everything()).toEqual([]);
  });

  it('leaves its record when it is recorded after that, until its retention ends or the call is repeated', async () => {
    await traces.erase();
    await traces.send(CUSTOMER);

    const retention = NOON_SECONDS + 30 * 86_400;
    expect((await traces.everything()).map(({ expiresAt }) => expiresAt)).toEqual([retention, retention]);
    expect((await traces.erase()).removed).toEqual({ ...NOTHING_REMOVED, messages: 1, claims: 1 });
    expect(await traces.everything()).toEqual([]);
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
