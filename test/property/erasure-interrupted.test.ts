import { beforeEach, describe, expect, it } from 'vitest';
import { CustomerKey } from '../../functions/shared/domain/customer.ts';
import type { Erased } from '../../functions/shared/store/customer/erase-customer.ts';
import { anArrival, CUSTOMER, secondsAfterNoon } from '../support/arrivals.ts';
import { createTraces, ERASE, NOTHING_REMOVED } from '../support/erasure.ts';
import { aTableInMemory, type TestTable } from '../support/table.ts';
import { anActivity, mauOf } from '../support/usage.ts';

const USER = CustomerKey.parse('US.13491208655302741918');

let table: TestTable;
let traces: ReturnType<typeof createTraces>;
beforeEach(() => {
  table = aTableInMemory();
  traces = createTraces(table);
});

const peer = () => table.peer();

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
    for (let request = 2; request <= 14; request += 1) {
      await livesUnlinked();
      const slow = table.tapped(request, () => peer().countActivities([both]));

      expect(await slow.eraseCustomer(ERASE)).toMatchObject({ done: true });
      expect([request, await traces.left(CUSTOMER), await traces.left(USER)]).toEqual([request, [], []]);
      erased += 1;
      expect(await mauOf(table)).toEqual({ channel: erased, deployment: erased });
    }
  });

  it('finds a name that stands in messages alone, also after a crash', async () => {
    for (const request of [2, 4, 6, 8, 10, 12]) {
      await livesUnlinked();
      await peer().recordInbound(anArrival({ id: 'wamid.user', identities: { userId: USER } }));
      table.wire.reset();
      table.wire.failAt(request, 'after');
      await traces.erase().catch(() => undefined);
      table.wire.reset();
      await traces.erase();

      expect([request, await traces.left(CUSTOMER), await traces.left(USER)]).toEqual([request, [], []]);
    }
  });

  it('counts the customer once who was counted under one identity and is erased under both', async () => {
    await peer().recordInbound(anArrival({ id: 'wamid.user', identities: { userId: USER } }));
    await table.store.countActivities([anActivity({ customer: USER, id: 'wamid.user' })]);
    await livesUnlinked();

    await traces.erase();

    expect(await traces.left(USER)).toEqual([]);
    expect(await mauOf(table)).toEqual({ channel: 1, deployment: 1 });
  });
});

const sum = (all: readonly Erased[]) =>
  all.reduce<Record<string, number>>(
    (total, { removed }) =>
      Object.fromEntries(Object.entries(removed).map(([kind, count]) => [kind, (total[kind] ?? 0) + count])),
    NOTHING_REMOVED,
  );

/** Time for one page of a call. */
const onePage = () => {
  let asked = 0;
  return () => {
    asked += 1;
    return asked <= 1;
  };
};

describe('an erasure that is interrupted', () => {
  it('is completed by repeating it, each item counted once', async () => {
    await Promise.all(Array.from({ length: 120 }, () => traces.send(CUSTOMER)));
    const calls: Erased[] = [];

    do calls.push(await traces.erase(CUSTOMER, onePage()));
    while (calls.at(-1)?.done === false);

    expect(calls.length).toBeGreaterThan(1);
    expect(sum(calls)).toEqual({ ...NOTHING_REMOVED, messages: 120, claims: 120 });
    expect(await traces.everything()).toEqual([]);
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ] as const)('is healed by repeating it, wherever it broke %s a request, and counted once', async (when, first) => {
    let broke = true;
    let erased = 0;
    for (let request = first; broke; request += 1) {
      await traces.send(USER);
      await Promise.all([traces.live(CUSTOMER), traces.move(USER, CUSTOMER)]);
      table.wire.reset();
      table.wire.failAt(request, when);
      broke = await traces.erase(USER).then(
        () => false,
        () => true,
      );
      table.wire.reset();

      expect(await traces.erase(USER)).toMatchObject({ done: true });
      erased += 1;
      expect([request, await traces.everything()]).toEqual([request, []]);
      expect([request, await mauOf(table)]).toEqual([request, { channel: erased, deployment: erased }]);
      expect(request).toBeLessThan(100);
    }
    expect(await traces.left(CUSTOMER)).toEqual([]);
  });
});
