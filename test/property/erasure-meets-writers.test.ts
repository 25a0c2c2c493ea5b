import { beforeEach, describe, expect, it } from 'vitest';
import { CustomerKey } from '../../functions/shared/domain/customer.ts';
import { ownName } from '../../functions/shared/domain/names.ts';
import { createUnplacedStore } from '../../functions/shared/store/message/keep-unplaced.ts';
import { anArrival, CHANNEL, CUSTOMER, NOON, NOON_SECONDS, secondsAfterNoon } from '../support/arrivals.ts';
import { aChangeOfConsent } from '../support/consents.ts';
import { aTableInMemory, type TestTable } from '../support/table.ts';

const USER = CustomerKey.parse('US.13491208655302741918');
const ERASE = { channel: CHANNEL, customer: CUSTOMER, channels: [CHANNEL], now: NOON, goOn: () => true };
/** The request of a first message that opens the session, after the one that finds none and the one that writes the customer. */
const OPENS = 3;
/** More than an erasure makes of one that is met once. */
const MOST_REQUESTS = 120;

let table: TestTable;
beforeEach(() => {
  table = aTableInMemory();
});

const rows = async () => (await table.scan()).filter(({ pk }) => String(pk).startsWith('CUSTOMER#'));

const record = (seconds: number, id: string) =>
  table.peer().recordConsent({
    channel: CHANNEL,
    customer: CUSTOMER,
    change: { ...aChangeOfConsent('opted_out', seconds), id },
    now: secondsAfterNoon(60),
  });

/** Erases a customer and runs the other writer before each request in turn, and shows what is left each time. */
const meetAtEachRequest = async (prepare: () => Promise<unknown>, act: () => Promise<unknown>) => {
  const seen: { readonly request: number; readonly left: readonly Record<string, unknown>[] }[] = [];
  for (let [request, met] = [1, true]; met && request < MOST_REQUESTS; request += 1) {
    await prepare();
    met = false;
    const meeting = table.tapped(request, async () => {
      met = true;
      await act();
    });
    expect(await meeting.eraseCustomer(ERASE)).toMatchObject({ done: true });
    if (met) seen.push({ request, left: await rows() });
    await table.peer().eraseCustomer(ERASE);
    await table.peer().eraseCustomer({ ...ERASE, customer: USER });
    expect([request, await rows()]).toEqual([request, []]);
  }
  expect(seen.length).toBeGreaterThan(5);
  return seen;
};

describe('an erasure that meets another writer, at each of its requests', () => {
  const opens = () => table.peer().recordInbound(anArrival());

  it.each([
    ['comes into force', 30],
    ['is older than the one in force', 1],
  ] as const)('leaves no history of a change of consent that %s without its customer', async (_, seconds) => {
    const prepare = async () => {
      await opens();
      await record(10, 'before');
    };

    for (const { request, left } of await meetAtEachRequest(prepare, () => record(seconds, 'meanwhile'))) {
      const isCustomer = left.some(({ sk }) => sk === 'CUSTOMER');
      expect([request, left.filter(({ sk }) => isCustomer !== String(sk).startsWith('CONSENT#')).length]).toEqual([
        request,
        isCustomer ? 1 : 0,
      ]);
    }
  });

  it('leaves no name that leads to nothing when another name of the customer is learned', async () => {
    const identities = { phone: CUSTOMER, userId: USER };
    const both = () => table.peer().recordInbound(anArrival({ at: secondsAfterNoon(5), id: 'wamid.both', identities }));
    const prepare = async () => {
      await opens();
      await table.peer().recordInbound(anArrival({ id: 'wamid.user', identities: { userId: USER } }));
    };

    for (const { request, left } of await meetAtEachRequest(prepare, both)) {
      const led = left.flatMap(({ movedTo }) => (typeof movedTo === 'string' ? [movedTo] : []));
      const stored = left.filter(({ sk, movedTo }) => sk === 'CUSTOMER' && movedTo === undefined);
      expect([request, led.filter((name) => !stored.some(({ pk }) => pk === `CUSTOMER#${CHANNEL}#${name}`))]).toEqual([
        request,
        [],
      ]);
    }
  });

  it('leaves no session without its customer when a message that opens it is under way', async () => {
    let met = 0;
    for (let [request, wasMet] = [1, true]; wasMet && request < MOST_REQUESTS; request += 1) {
      const [raised, erasing] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const writer = table.tapped(OPENS, () => {
        raised.resolve();
        return erasing.promise;
      });
      const recorded = writer.recordInbound(anArrival());
      await raised.promise;
      wasMet = false;
      const meeting = table.tapped(request, async () => {
        wasMet = true;
        erasing.resolve();
        await recorded;
      });

      expect(await meeting.eraseCustomer(ERASE)).toMatchObject({ done: true });
      erasing.resolve();
      await recorded;
      const kinds = (await rows()).map(({ sk }) => String(sk));
      expect([request, kinds.includes('SESSION')]).toEqual([request, kinds.includes('CUSTOMER')]);
      if (wasMet) met += 1;
      await table.peer().eraseCustomer(ERASE);
    }
    expect(met).toBeGreaterThan(5);
  });

  it.each([
    ['from the future', secondsAfterNoon(4_000), NOON],
    ['that is too late to open a session', NOON, secondsAfterNoon(90_000)],
  ])('leaves no message %s without its customer', async (_, at, now) => {
    let met = 0;
    for (const writes of [2, 3, 4, 5])
      for (let [request, wasMet] = [1, true]; wasMet && request < MOST_REQUESTS; request += 1) {
        const [reached, erasing] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
        const writer = table.tapped(writes, () => {
          reached.resolve();
          return erasing.promise;
        });
        const recorded = writer.recordInbound(anArrival({ at, now, id: 'wamid.rare' }));
        await Promise.race([reached.promise, recorded]);
        wasMet = false;
        const meeting = table.tapped(request, async () => {
          wasMet = true;
          erasing.resolve();
          await recorded;
        });

        expect(await meeting.eraseCustomer({ ...ERASE, now })).toMatchObject({ done: true });
        erasing.resolve();
        await recorded;
        const kinds = (await rows()).map(({ sk }) => String(sk));
        const isKnown = kinds.includes('CUSTOMER');
        expect([writes, request, kinds.some((kind) => kind.startsWith('MSG#')) && !isKnown]).toEqual([
          writes,
          request,
          false,
        ]);
        if (wasMet) met += 1;
        await table.peer().eraseCustomer({ ...ERASE, now });
      }
    expect(met).toBeGreaterThan(10);
  });

  it('leaves no late message that its customer does not know, whose names are linked again meanwhile', async () => {
    const identities = { phone: CUSTOMER, userId: USER };
    const late = anArrival({ now: secondsAfterNoon(90_000), identities });
    const names = [CUSTOMER, USER].map(ownName);
    const link = { channel: CHANNEL, names, at: NOON_SECONDS, learnedFrom: 'message' } as const;
    const done = new Set<string>();
    const act = (what: string, run: () => Promise<unknown>) => () => run().then(() => done.add(what));
    const writes = act('written', () => table.peer().recordInbound(late));
    const links = act('linked', () => table.peer().linkNames({ link, now: late.now }));
    let met = 0;
    for (let [first, isMet] = [1, true]; isMet; first += 1)
      for (let second = first + 1; ; second += 1) {
        await writes();
        done.clear();
        const acts = new Map([
          [first, writes],
          [second, links],
        ]);

        expect(await table.tappedAt(acts).eraseCustomer({ ...ERASE, now: late.now })).toMatchObject({ done: true });

        const left = await rows();
        const customer = left.find(({ pk, sk }) => sk === 'CUSTOMER' && pk === `CUSTOMER#${CHANNEL}#${CUSTOMER}`);
        const isStored = left.some(({ sk }) => String(sk).startsWith('MSG#'));
        expect([first, second, isStored]).toEqual([first, second, customer?.['lastOpenedAt'] !== undefined]);
        await table.peer().eraseCustomer({ ...ERASE, now: late.now });
        isMet = done.has('written');
        if (!done.has('linked')) break;
        met += 1;
      }
    expect(met).toBeGreaterThan(50);
  });

  it('leaves nothing of a webhook that cannot be placed, whose pointer alone leads to it', async () => {
    const kept = createUnplacedStore({ documents: table.documents, tableName: table.tableName });
    let unplaced = 0;
    const act = () => {
      unplaced += 1;
      const of = { account: 'shop-meta', channel: CHANNEL, customer: CUSTOMER, requestId: 'request-1', now: NOON };
      return kept.keepUnplaced({ ...of, reason: 'type', raw: { number: unplaced } });
    };

    for (const { request, left } of await meetAtEachRequest(opens, act)) {
      const raws = (await table.scan()).filter(({ pk }) => String(pk).startsWith('UNPLACED#'));
      expect([request, left.filter(({ sk }) => String(sk).startsWith('UNPLACED#')), raws]).toEqual([request, [], []]);
    }
  });
});
