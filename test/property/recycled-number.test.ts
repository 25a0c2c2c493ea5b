import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countUsage } from '../../functions/change-stream/count-usage.ts';
import type { StoreRuntime } from '../../functions/change-stream/store.ts';
import { CustomerKey } from '../../functions/shared/domain/customer.ts';
import { readChange, type StreamRecord } from '../../functions/shared/store/changes.ts';
import { anArrival, CHANNEL, NOON, NOON_SECONDS, secondsAfterNoon } from '../support/arrivals.ts';
import { aLog } from '../support/service.ts';
import { aTableInMemory } from '../support/table.ts';
import { mauOf } from '../support/usage.ts';

const W = CustomerKey.parse('+16505551234');
const OWNERS = ['US.1', 'US.2', 'US.3'].map((name) => CustomerKey.parse(name));

/** How long each has the number, in seconds. */
const TENURE = 1_000;

/** A message that an owner of the number writes with it. */
interface Message {
  readonly owner: number;
  readonly second: number;
}

const message: fc.Arbitrary<Message> = fc
  .record({ owner: fc.nat(OWNERS.length - 1), offset: fc.nat(TENURE - 1) })
  .map(({ owner, offset }) => ({ owner, second: owner * TENURE + offset }));

/** What the three owners write, in the order of its arrival; some of it arrives twice. */
const arrivals = fc
  .uniqueArray(message, { minLength: 1, maxLength: 8, selector: ({ second }) => second })
  .chain((messages) =>
    fc
      .shuffledSubarray(messages)
      .map((again) => ({ messages, delivered: [...messages, ...again] }))
      .chain(({ delivered }) =>
        fc.shuffledSubarray(delivered, { minLength: delivered.length }).map((ordered) => ({ messages, ordered })),
      ),
  );

const inSomeOrder = (records: readonly StreamRecord[], picks: readonly number[]): readonly StreamRecord[] => {
  let items = [...Map.groupBy(records, ({ dynamodb }) => JSON.stringify(dynamodb?.Keys)).values()];
  return records.flatMap((_, index) => {
    const picked = (picks[index % picks.length] ?? 0) % items.length;
    const [first] = items[picked] ?? [];
    items = items.map((item, at) => (at === picked ? item.slice(1) : item)).filter(({ length }) => length > 0);
    return first ?? [];
  });
};

/** When what was written is counted, and in which order the stream delivers it. */
const counting = fc.record({
  isCounted: fc.array(fc.boolean()),
  picks: fc.array(fc.nat(20), { minLength: 1 }),
});

const aStore = () => {
  const { store, scan, takeRecords } = aTableInMemory();
  const of = { store, log: aLog(), now: () => NOON, channel: () => undefined, channels: [{ id: CHANNEL }] };
  const runtime = of as unknown as StoreRuntime;
  /** Counts what was written since the last call, as the stream does: one record at a time, each item's in their order. */
  const count = async (picks: readonly number[] = []): Promise<void> => {
    for (const record of inSomeOrder(takeRecords(), picks)) {
      const change = readChange(record);
      if (change !== undefined) expect(await countUsage(runtime, [change])).toEqual([]);
    }
  };
  return { store, scan, count };
};
type Store = ReturnType<typeof aStore>['store'];

const nameOf = (owner: number): CustomerKey => OWNERS[owner] ?? W;

const deliver = (store: Store, { owner, second }: Message) => {
  const [at, now] = [secondsAfterNoon(second), secondsAfterNoon(OWNERS.length * TENURE)];
  const profileName = nameOf(owner);
  const identities = { phone: W, userId: nameOf(owner) };
  return store.recordInbound(anArrival({ at, now, id: `wamid.${second}`, identities, profileName }));
};

const secondsOf = (messages: readonly Message[], owner: number): readonly number[] =>
  messages.flatMap((one) => (one.owner === owner ? [one.second] : [])).toSorted((one, other) => other - one);

/** What the store knows of the owner: their thread, newest first, and the window and profile. */
const knownOf = async (store: Store, customer: CustomerKey) => {
  const { messages } = await store.readThread({ channel: CHANNEL, customer, limit: 100 });
  const { session, profile } = await store.loadCustomer(CHANNEL, customer);
  return {
    thread: messages.map(({ at }) => at / 1000 - NOON_SECONDS),
    window: session && session.lastInboundAt - NOON_SECONDS,
    profile: profile?.name,
  };
};

const expectedOf = (messages: readonly Message[], owner: number) => {
  const thread = [...new Set(secondsOf(messages, owner))];
  return { thread, window: thread[0], profile: thread.length === 0 ? undefined : nameOf(owner) };
};

const erase = async (store: Store, customer: CustomerKey) => {
  const request = { channel: CHANNEL, customer, channels: [CHANNEL], now: NOON };
  const { done, removed } = await store.eraseCustomer({ ...request, goOn: () => true });
  return { done, messages: removed.messages };
};

describe('a number that three people had one after another', () => {
  it('shows each what they wrote with it, and no one else, in whatever order it arrives', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, async ({ messages, ordered }) => {
        const { store } = aStore();
        for (const one of ordered) await deliver(store, one);

        for (const owner of OWNERS.keys())
          expect([owner, await knownOf(store, nameOf(owner))]).toEqual([owner, expectedOf(messages, owner)]);
        const last = Math.max(...messages.map(({ owner }) => owner));
        expect(await knownOf(store, W)).toEqual(expectedOf(messages, last));
      }),
      { numRuns: 100 },
    );
  });

  it('is erased of each alone, and what the others wrote stays theirs when it arrives again', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, fc.nat(OWNERS.length - 1), counting, async ({ messages, ordered }, erased, how) => {
        const { store, scan, count } = aStore();
        for (const [index, one] of ordered.entries()) {
          await deliver(store, one);
          if (how.isCounted[index] === true) await count(how.picks);
        }

        expect(await erase(store, nameOf(erased))).toEqual({
          done: true,
          messages: secondsOf(messages, erased).length,
        });

        expect(JSON.stringify(await scan())).not.toContain(nameOf(erased));
        const others = ordered.filter(({ owner }) => owner !== erased);
        for (const one of others) await deliver(store, one);
        for (const owner of OWNERS.keys())
          expect([owner, await knownOf(store, nameOf(owner))]).toEqual([owner, expectedOf(others, owner)]);
      }),
      { numRuns: 100 },
    );
  });

  it('is erased of all, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(
        arrivals,
        fc.shuffledSubarray([...OWNERS], { minLength: OWNERS.length }),
        counting,
        async ({ messages, ordered }, inOrder, how) => {
          const { store, scan, count } = aStore();
          for (const [index, one] of ordered.entries()) {
            await deliver(store, one);
            if (how.isCounted[index] === true) await count(how.picks);
          }

          for (const owner of inOrder) await erase(store, owner);
          await count(how.picks);

          const left = JSON.stringify(await scan());
          for (const name of [W, ...OWNERS]) expect(left).not.toContain(name);
          expect((await mauOf({ scan })).channel).toBe(new Set(messages.map(({ owner }) => owner)).size);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('counts each of them once a month, whenever the stream delivers what was written', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, counting, async ({ messages, ordered }, { isCounted, picks }) => {
        const { store, scan, count } = aStore();
        for (const [index, one] of ordered.entries()) {
          await deliver(store, one);
          if (isCounted[index] === true) await count(picks);
        }
        await count(picks);

        expect((await mauOf({ scan })).channel).toBe(new Set(messages.map(({ owner }) => owner)).size);
      }),
      { numRuns: 100 },
    );
  });
});
