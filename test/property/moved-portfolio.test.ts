import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CustomerKey } from '../../functions/shared/domain/customer.ts';
import { anArrival, CHANNEL, NOON_SECONDS, secondsAfterNoon } from '../support/arrivals.ts';
import { createSessionsStore } from '../support/sessions-store.ts';
import { aTableInMemory } from '../support/table.ts';

const W = CustomerKey.parse('+16505551234');
const [OLD, NEW] = ['US.1', 'US.2'].map((name) => CustomerKey.parse(name)) as [CustomerKey, CustomerKey];

/** When the number of the channel came to another portfolio, in seconds after noon. */
const MOVED = 1_000;

const userIdAt = (second: number): CustomerKey => (second < MOVED ? OLD : NEW);

/** The seconds after noon at which one customer writes, and an order in which the messages arrive, some of them twice. */
const arrivals = fc.uniqueArray(fc.nat(2 * MOVED), { minLength: 1, maxLength: 8 }).chain((seconds) =>
  fc
    .shuffledSubarray(seconds)
    .chain((again) => fc.shuffledSubarray([...seconds, ...again], { minLength: seconds.length + again.length }))
    .map((ordered) => ({ seconds, ordered })),
);

describe('a customer whose number and user ids of two portfolios are reported', () => {
  it('is one, with one window and one thread under every name, in whatever order the messages arrive', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, async ({ seconds, ordered }) => {
        const store = createSessionsStore({ ...aTableInMemory(), portfolioSince: () => NOON_SECONDS + MOVED });
        const now = secondsAfterNoon(2 * MOVED);
        for (const second of ordered) {
          const identities = { phone: W, userId: userIdAt(second) };
          await store.recordInbound(
            anArrival({ at: secondsAfterNoon(second), now, id: `wamid.${second}`, identities }),
          );
        }

        for (const customer of new Set([W, ...seconds.map(userIdAt)])) {
          const { messages } = await store.readThread({ channel: CHANNEL, customer, limit: 100 });
          const { session } = await store.loadCustomer(CHANNEL, customer);
          expect(messages.map(({ at }) => at / 1000 - NOON_SECONDS)).toEqual(seconds.toSorted((a, b) => b - a));
          expect(session?.lastInboundAt).toBe(NOON_SECONDS + Math.max(...seconds));
        }
      }),
      { numRuns: 100 },
    );
  });
});
