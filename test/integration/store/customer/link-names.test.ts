import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { CustomerKey, type Identities } from '../../../../functions/shared/domain/customer.ts';
import type { NameLink } from '../../../../functions/shared/domain/names.ts';
import { customerKey, messageKey, sessionKey } from '../../../../functions/shared/store/keys.ts';
import { anArrival, CHANNEL, CUSTOMER, NOON, NOON_SECONDS, secondsAfterNoon } from '../../../support/arrivals.ts';
import { aChangeOfConsent } from '../../../support/consents.ts';
import { dynamoDbEndpoint } from '../../../support/endpoint.ts';
import { aTable, type TestTable } from '../../../support/table.ts';

const DAY = 86_400;
const USER = CustomerKey.parse('US.13491208655302741918');
const NEXT_USER = CustomerKey.parse('US.20000000000000000002');
const CRM = CustomerKey.parse('+16505550199');
const NEXT = CustomerKey.parse('+16505559999');
const BOTH = { phone: CUSTOMER, userId: USER };

let table: TestTable;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
});

const read = (customer: CustomerKey) =>
  Promise.all([table.read(sessionKey(CHANNEL, customer)), table.read(customerKey(CHANNEL, customer))]);

let messages = 0;
const write = (identities: Identities, second: number, options: Parameters<typeof anArrival>[0] = {}) => {
  messages += 1;
  const at = secondsAfterNoon(second);
  return table.store.recordInbound(anArrival({ at, id: `wamid.${messages}`, identities, ...options }));
};

const say = (customer: CustomerKey, state: 'opted_in' | 'opted_out', second: number) =>
  table.store.recordConsent({
    channel: CHANNEL,
    customer,
    change: aChangeOfConsent(state, second),
    now: secondsAfterNoon(second),
  });

const link = (names: NameLink['names'], second: number, replaced?: NameLink['replaced']) =>
  table.store.linkNames({
    link: { channel: CHANNEL, names, replaced, at: NOON_SECONDS + second, learnedFrom: 'status' },
    now: secondsAfterNoon(second),
  });

const number = (name: CustomerKey) => ({ name, kind: 'wa_id' }) as const;
const spelling = (name: CustomerKey) => ({ name, kind: 'number' }) as const;
const user = (name: CustomerKey) => ({ name, kind: 'user_id' }) as const;

const load = (customer: CustomerKey) => table.store.loadCustomer(CHANNEL, customer);

describe('a message with both names', () => {
  it('opens one session under the number, and leaves a tombstone under the user id', async () => {
    expect((await write(BOTH, 0)).window).toBe('opened');

    const [session, record] = await read(CUSTOMER);
    expect(session).toMatchObject({ lastInboundAt: NOON_SECONDS, names: new Set([USER]) });
    expect(record?.['names']).toMatchObject([
      { name: CUSTOMER, kind: 'wa_id', since: NOON_SECONDS, learnedFrom: 'message' },
      { name: USER, kind: 'user_id', since: NOON_SECONDS, learnedFrom: 'message' },
    ]);
    const [tombstone, alias] = await read(USER);
    expect(tombstone).toMatchObject({ movedTo: CUSTOMER });
    expect(tombstone).not.toHaveProperty('sessionId');
    expect(alias).toEqual({ ...customerKey(CHANNEL, USER), movedTo: CUSTOMER });
  });

  it('costs two writes and no read once the names are linked', async () => {
    await write(BOTH, 0);
    table.wire.reset();

    await write(BOTH, 60);

    expect(table.wire.commands).toEqual(['UpdateItem', 'PutItem']);
  });

  it('costs one more write under the other name, and is stored under it', async () => {
    await write(BOTH, 0);
    table.wire.reset();

    expect((await write({ userId: USER }, 60, { id: 'wamid.alias' })).window).toBe('extended');

    expect(table.wire.commands).toEqual(['UpdateItem', 'UpdateItem', 'PutItem']);
    const at = secondsAfterNoon(60).getTime();
    const key = messageKey({ channel: CHANNEL, customer: USER, atMs: at, id: 'wamid.alias' });
    expect(await table.read(key)).toMatchObject({ customer: CUSTOMER });
    expect((await load(USER)).session).toMatchObject({ expiresAt: NOON_SECONDS + 60 + DAY });
  });

  it('links what is open under each name alone, also where the number’s window never closes', async () => {
    await write({ phone: CUSTOMER }, 0);
    await write({ userId: USER }, 10);

    await write(BOTH, 20);

    expect((await load(USER)).customer).toBe(CUSTOMER);
    expect((await load(CUSTOMER)).session).toMatchObject({ lastInboundAt: NOON_SECONDS + 20 });
  });

  it.each([
    { first: BOTH, second: { userId: USER } },
    { first: { userId: USER }, second: BOTH },
  ])('is one person in any order', async ({ first, second }) => {
    await write(first, 0);
    await write(second, 10);

    expect((await load(USER)).session).toMatchObject({ lastInboundAt: NOON_SECONDS + 10 });
    expect((await load(CUSTOMER)).session).toMatchObject({ lastInboundAt: NOON_SECONDS + 10 });
  });

  it('opens one session of twenty first messages at once', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        write(index % 3 === 0 ? BOTH : index % 3 === 1 ? { phone: CUSTOMER } : { userId: USER }, index),
      ),
    );

    const state = await load(USER);
    expect(state).toMatchObject({ customer: CUSTOMER, session: { lastInboundAt: NOON_SECONDS + 19 } });
    const items = await table.scan();
    expect(items.filter(({ sk }) => String(sk).startsWith('MSG#'))).toHaveLength(20);
    expect(items.filter(({ sessionId, sk }) => sk === 'SESSION' && sessionId !== undefined)).toHaveLength(1);
  });
});

describe('names that are linked between two writes of a message', () => {
  it.each([1, 2, 3, 4])('leave no state under the user id: before request %i', async (request) => {
    await write({ phone: CUSTOMER }, 0);
    const writer = table.tapped(request, () => link([number(CUSTOMER), user(USER)], 5));

    await writer.recordInbound(anArrival({ at: secondsAfterNoon(10), id: 'wamid.race', identities: { userId: USER } }));

    const [session, record] = await read(USER);
    expect(Object.keys(record ?? {}).toSorted()).toEqual(['movedTo', 'pk', 'sk']);
    expect(session).toMatchObject({ movedTo: CUSTOMER });
    expect((await load(USER)).session).toMatchObject({ lastInboundAt: NOON_SECONDS + 10 });
  });
});

describe('what was recorded apart', () => {
  it('counts once it is linked: an opt-out of the user id, and the later window', async () => {
    await say(CUSTOMER, 'opted_in', 0);
    await say(USER, 'opted_out', 5);
    await write({ userId: USER }, 10);

    await link([number(CUSTOMER), user(USER)], 20);

    const { customer, record, session } = await load(CUSTOMER);
    expect(customer).toBe(CUSTOMER);
    expect(record.consent).toMatchObject({ state: 'opted_out', effectiveAt: NOON_SECONDS + 5 });
    expect(record.lastOpenedAt).toBe(NOON_SECONDS + 10);
    expect(session).toMatchObject({ lastInboundAt: NOON_SECONDS + 10 });
  });

  it('keeps the newer consent, also an opt-in, and of the same second the opt-out', async () => {
    await say(CUSTOMER, 'opted_out', 3);
    await say(USER, 'opted_in', 9);
    await say(CRM, 'opted_out', 9);

    await link([number(CUSTOMER), user(USER)], 20);
    expect((await load(USER)).record.consent).toMatchObject({ state: 'opted_in' });

    await link([number(CUSTOMER), spelling(CRM)], 21);
    expect((await load(USER)).record.consent).toMatchObject({ state: 'opted_out' });
  });

  it('shows the history of all names as one, whichever is asked for', async () => {
    await say(CUSTOMER, 'opted_in', 0);
    await say(USER, 'opted_out', 5);
    await link([number(CUSTOMER), user(USER)], 20);

    for (const name of [CUSTOMER, USER])
      expect((await table.store.readConsent(CHANNEL, name)).history.map(({ state }) => state)).toEqual([
        'opted_out',
        'opted_in',
      ]);
  });

  it('records a repeated change of consent once, under the name that it came with', async () => {
    await say(USER, 'opted_in', 5);
    await link([number(CUSTOMER), user(USER)], 20);

    expect((await say(USER, 'opted_in', 5)).kind).toBe('duplicate');
    expect((await table.store.readConsent(CHANNEL, CUSTOMER)).history).toHaveLength(1);
  });

  it('shows one thread, paged, newest first', async () => {
    for (const second of [0, 1, 2, 3, 4, 5])
      await write(second % 2 === 0 ? { phone: CUSTOMER } : { userId: USER }, second);
    await link([number(CUSTOMER), user(USER)], 20);

    const seen: number[] = [];
    let after: string | undefined;
    do {
      const page = await table.store.readThread({ channel: CHANNEL, customer: USER, limit: 2, after });
      seen.push(...page.messages.map(({ at }) => at / 1000 - NOON_SECONDS));
      after = page.next;
    } while (after !== undefined);

    expect(seen).toEqual([5, 4, 3, 2, 1, 0]);
  });
});

describe('names of a person', () => {
  it('lead to the canonical one in one step, however they were learned', async () => {
    await link([user(USER), spelling(CRM)], 1);
    expect((await load(USER)).customer).toBe(CRM);

    await link([number(CUSTOMER), spelling(CRM)], 2);
    await link([number(NEXT)], 3, [number(CUSTOMER)]);

    for (const name of [USER, CRM, CUSTOMER, NEXT]) {
      const [, record] = await read(name);
      expect([name, (await load(name)).customer]).toEqual([name, NEXT]);
      if (name !== NEXT) expect(record?.['movedTo']).toBe(NEXT);
    }
  });

  it('are linked once', async () => {
    expect((await link([number(CUSTOMER), user(USER)], 1)).kind).toBe('linked');
    expect((await link([number(CUSTOMER), user(USER)], 2)).kind).toBe('known');
  });
});

describe('a number that its owner gave up', () => {
  const changed = async () => {
    await write(BOTH, 0);
    await say(CUSTOMER, 'opted_in', 1);
    await link([number(NEXT)], 100, [number(CUSTOMER)]);
  };

  it('leads to them in calls, and for what they wrote before', async () => {
    await changed();

    await write({ phone: CUSTOMER }, 90);

    expect((await load(CUSTOMER)).customer).toBe(NEXT);
    expect((await load(NEXT)).session).toMatchObject({ lastInboundAt: NOON_SECONDS + 90 });
  });

  it('is another person’s who reacts with it under a user id of their own', async () => {
    await changed();

    await write({ phone: CUSTOMER, userId: NEXT_USER }, 200, { opens: false });

    expect([(await load(CUSTOMER)).customer, (await load(NEXT_USER)).customer]).toEqual([CUSTOMER, CUSTOMER]);
    expect((await load(USER)).customer).toBe(NEXT);
  });

  it('is another person’s who writes with it: nothing is inherited', async () => {
    await changed();

    expect((await write({ phone: CUSTOMER }, 200)).window).toBe('opened');

    const fresh = await load(CUSTOMER);
    expect(fresh).toMatchObject({ customer: CUSTOMER, session: { lastInboundAt: NOON_SECONDS + 200 } });
    expect(fresh.record.consent.state).toBe('unknown');
    const old = await load(NEXT);
    expect(old).toMatchObject({ session: { lastInboundAt: NOON_SECONDS }, record: { consent: { state: 'opted_in' } } });
    const threadOf = async (customer: CustomerKey) =>
      (await table.store.readThread({ channel: CHANNEL, customer, limit: 10 })).messages.length;
    expect([await threadOf(CUSTOMER), await threadOf(NEXT), await threadOf(USER)]).toEqual([1, 1, 1]);
  });
});

describe('a number that comes with another user id', () => {
  it('has a new owner: window, opt-in and thread stay with the old one', async () => {
    await write(BOTH, 0);
    await say(CUSTOMER, 'opted_in', 1);

    expect((await write({ phone: CUSTOMER, userId: NEXT_USER }, 100)).window).toBe('opened');

    expect(await load(USER)).toMatchObject({
      customer: USER,
      session: { lastInboundAt: NOON_SECONDS },
      record: { consent: { state: 'opted_in' } },
    });
    const fresh = await load(NEXT_USER);
    expect(fresh).toMatchObject({ customer: CUSTOMER, session: { lastInboundAt: NOON_SECONDS + 100 } });
    expect(fresh.record.consent.state).toBe('unknown');
    const ids = async (customer: CustomerKey) =>
      (await table.store.readThread({ channel: CHANNEL, customer, limit: 10 })).messages.map(
        ({ at }) => at / 1000 - NOON_SECONDS,
      );
    expect([await ids(USER), await ids(CUSTOMER)]).toEqual([[0], [100]]);
  });

  it('keeps an opt-out that was given under the number alone', async () => {
    await write(BOTH, 0);
    await say(CUSTOMER, 'opted_out', 1);

    await write({ phone: CUSTOMER, userId: NEXT_USER }, 100);

    expect((await load(NEXT_USER)).record.consent).toMatchObject({ state: 'opted_out' });
  });

  it('takes a late message of the old owner to them', async () => {
    await write(BOTH, 0);
    await write({ phone: CUSTOMER, userId: NEXT_USER }, 100);

    await write(BOTH, 50);

    expect((await load(USER)).session).toMatchObject({ lastInboundAt: NOON_SECONDS + 50 });
    expect((await load(CUSTOMER)).session).toMatchObject({ lastInboundAt: NOON_SECONDS + 100 });
  });

  it('gives an older message that comes later to whoever had it then', async () => {
    await write({ phone: CUSTOMER, userId: NEXT_USER }, 100);

    await write(BOTH, 50);

    expect(await load(USER)).toMatchObject({ customer: USER, session: { lastInboundAt: NOON_SECONDS + 50 } });
    expect(await load(CUSTOMER)).toMatchObject({ customer: CUSTOMER, session: { lastInboundAt: NOON_SECONDS + 100 } });
    const threadOf = async (customer: CustomerKey) =>
      (await table.store.readThread({ channel: CHANNEL, customer, limit: 10 })).messages.map(({ at }) => at / 1000);
    expect([await threadOf(USER), await threadOf(CUSTOMER)]).toEqual([[NOON_SECONDS + 50], [NOON_SECONDS + 100]]);
  });

  it('leaves the old owner’s slot and profile as they are, also where no session is stored any more', async () => {
    await write(BOTH, 0, { profileName: 'Ada' });
    await table.documents.send(new DeleteCommand({ TableName: table.tableName, Key: sessionKey(CHANNEL, CUSTOMER) }));
    const at = { now: secondsAfterNoon(2 * DAY), profileName: 'Ben' };

    await write({ phone: CUSTOMER, userId: NEXT_USER }, 2 * DAY, at);

    expect(await load(USER)).toMatchObject({ record: { lastOpenedAt: NOON_SECONDS }, profile: { name: 'Ada' } });
    expect(await load(NEXT_USER)).toMatchObject({
      record: { lastOpenedAt: NOON_SECONDS + 2 * DAY },
      profile: { name: 'Ben' },
    });
  });

  it('is erased with its new owner alone', async () => {
    await write(BOTH, 0);
    await write({ phone: CUSTOMER, userId: NEXT_USER }, 100);

    await table.store.eraseCustomer({
      channel: CHANNEL,
      customer: CUSTOMER,
      channels: [CHANNEL],
      now: NOON,
      goOn: () => true,
    });

    expect((await load(USER)).session).toMatchObject({ lastInboundAt: NOON_SECONDS });
    expect((await table.store.readThread({ channel: CHANNEL, customer: USER, limit: 10 })).messages).toHaveLength(1);
    expect(JSON.stringify(await table.scan())).not.toContain(NEXT_USER);
  });
});

describe('a number that had two owners', () => {
  const eraseAt = (customer: CustomerKey) =>
    table.store.eraseCustomer({ channel: CHANNEL, customer, channels: [CHANNEL], now: NOON, goOn: () => true });
  const idsOf = async (customer: CustomerKey) =>
    (await table.store.readThread({ channel: CHANNEL, customer, limit: 10 })).messages.map(
      ({ at }) => at / 1000 - NOON_SECONDS,
    );
  const owned = async () => {
    await write(BOTH, 0);
    await write({ phone: CUSTOMER, userId: NEXT_USER }, 100);
  };

  it('shows the first one’s messages to no one who writes with it after the second is erased', async () => {
    await owned();
    expect((await eraseAt(NEXT_USER)).done).toBe(true);
    expect((await eraseAt(CUSTOMER)).removed).toMatchObject({ customers: 0, messages: 0 });

    await write({ phone: CUSTOMER }, 200);

    expect([await idsOf(CUSTOMER), await idsOf(USER)]).toEqual([[200], [0]]);
  });

  it.each([
    ['the first, then the second', [USER, NEXT_USER]],
    ['the second, then the first', [NEXT_USER, USER]],
  ])('is erased with both: %s', async (_, order) => {
    await owned();
    await eraseAt(order[0] ?? USER);
    expect(JSON.stringify(await table.scan())).not.toContain(order[0]);

    await eraseAt(order[1] ?? USER);

    const left = JSON.stringify(await table.scan());
    for (const name of [CUSTOMER, USER, NEXT_USER]) expect(left).not.toContain(name);
  });
});

describe('a user id that comes with another number', () => {
  it('belongs to the newer one, and merges no one', async () => {
    await write(BOTH, 0);
    await write({ phone: NEXT }, 5);

    await write({ phone: NEXT, userId: USER }, 100);

    expect((await load(USER)).customer).toBe(NEXT);
    expect(await load(CUSTOMER)).toMatchObject({ customer: CUSTOMER, session: { lastInboundAt: NOON_SECONDS } });
  });

  it('stays where a newer report has it', async () => {
    await write({ phone: NEXT, userId: USER }, 100);
    await write(BOTH, 0);

    expect((await load(USER)).customer).toBe(NEXT);
    expect((await load(CUSTOMER)).customer).toBe(CUSTOMER);
  });
});

describe('a session that has ended and is not swept yet', () => {
  it('stays due after the sweep when its customer loses the number, however often that is learned', async () => {
    const [first, older] = [DAY + 600, DAY + 590];
    await write(BOTH, 0);
    await write({ phone: CUSTOMER, userId: NEXT_USER }, first);
    const moved = await table.read(sessionKey(CHANNEL, USER));

    await write({ phone: CUSTOMER, userId: NEXT_USER }, older, { now: secondsAfterNoon(first + 1) });

    expect(moved).toMatchObject({ dueAt: NOON_SECONDS + first });
    expect(await table.read(sessionKey(CHANNEL, USER))).toMatchObject({ dueAt: NOON_SECONDS + first });
  });
});

describe('erasing a person', () => {
  it.each([CUSTOMER, USER, CRM])('removes every name, asked for by %s', async (asked) => {
    await write(BOTH, 0);
    await write({ userId: USER }, 1);
    await say(CRM, 'opted_in', 2);
    await link([number(CUSTOMER), spelling(CRM)], 3);

    const erased = await table.store.eraseCustomer({
      channel: CHANNEL,
      customer: asked,
      channels: [CHANNEL],
      now: NOON,
      goOn: () => true,
    });

    expect(erased.done).toBe(true);
    const left = JSON.stringify(await table.scan());
    for (const name of [CUSTOMER, USER, CRM]) expect(left).not.toContain(name);
  });
});
