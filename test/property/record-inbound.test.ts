import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CustomerKey } from '../../functions/shared/domain/customer.ts';
import { customerKey, sessionKey } from '../../functions/shared/store/keys.ts';
import { anArrival, CHANNEL, NOON, NOON_SECONDS, secondsAfterNoon } from '../support/arrivals.ts';
import { aTableInMemory, type TestTable } from '../support/table.ts';

const DAY = 86_400;
let customers = 0;

/** A new customer, so that every run starts on an empty page of the same table. */
const aNewCustomer = (): CustomerKey => {
  customers += 1;
  return CustomerKey.parse(`+1650${String(5_550_000 + customers)}`);
};

const arrivalOf = (customer: CustomerKey, second: number, now: Date) =>
  anArrival({ at: secondsAfterNoon(second), now, identities: { phone: customer }, id: `wamid.${second}` });

const endOf = async (table: TestTable, customer: CustomerKey) => {
  const item = await table.read(sessionKey(CHANNEL, customer));
  const thread = await table.store.readThread({ channel: CHANNEL, customer, limit: 100 });
  return {
    expiresAt: item?.['expiresAt'] as number | undefined,
    lastInboundAt: item?.['lastInboundAt'] as number | undefined,
    thread: thread.messages.map(({ id }) => id),
  };
};

const seconds = fc.uniqueArray(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 6 });

describe('the same messages', () => {
  it('lead to the same window and thread in any order, any number of times, however delayed within the day', async () => {
    const table = aTableInMemory();
    await fc.assert(
      fc.asyncProperty(
        seconds.chain((written) =>
          fc.record({
            written: fc.constant(written),
            delivered: fc
              .array(fc.constantFrom(...written), { maxLength: 6 })
              .chain((extra) =>
                fc.shuffledSubarray([...written, ...extra], { minLength: written.length + extra.length }),
              ),
            delay: fc.integer({ min: 20_001, max: DAY - 1 }),
          }),
        ),
        async ({ written, delivered, delay }) => {
          const customer = aNewCustomer();
          for (const second of delivered)
            await table.store.recordInbound(arrivalOf(customer, second, secondsAfterNoon(delay)));

          const last = Math.max(...written);
          expect(await endOf(table, customer)).toEqual({
            lastInboundAt: NOON_SECONDS + last,
            expiresAt: NOON_SECONDS + last + DAY,
            thread: [...written].sort((a, b) => b - a).map((second) => `wamid.${second}`),
          });
        },
      ),
      { numRuns: 200 },
    );
  });

  it('lead to the same window when all of them arrive at once', async () => {
    const table = aTableInMemory();
    await fc.assert(
      fc.asyncProperty(seconds, async (written) => {
        const customer = aNewCustomer();
        const now = secondsAfterNoon(20_001);
        await Promise.all([...written, ...written].map((s) => table.store.recordInbound(arrivalOf(customer, s, now))));

        const last = Math.max(...written);
        const end = await endOf(table, customer);
        expect(end).toMatchObject({ lastInboundAt: NOON_SECONDS + last, expiresAt: NOON_SECONDS + last + DAY });
        expect(end.thread).toHaveLength(written.length);
      }),
      { numRuns: 15 },
    );
  });
});

/** Ways in which a message meets the table; each is prepared with what came before. */
const SITUATIONS = {
  'the first message of a customer': { before: [] },
  'a message in an open session': { before: [-60] },
  'a message after the session has ended': { before: [-2 * DAY] },
} as const;

describe('a crash between any two steps', () => {
  it.each(Object.entries(SITUATIONS))('is healed by the redelivery: %s', async (_, { before }) => {
    const table = aTableInMemory();
    const prepared = async () => {
      const customer = aNewCustomer();
      for (const second of before)
        await table.store.recordInbound(arrivalOf(customer, second, secondsAfterNoon(second)));
      table.wire.reset();
      return customer;
    };
    const untouched = await prepared();
    await table.store.recordInbound(arrivalOf(untouched, 0, NOON));
    const steps = table.wire.commands.length;
    const wanted = await endOf(table, untouched);
    expect(steps).toBeGreaterThanOrEqual(2);

    for (let step = 0; step < steps; step += 1)
      for (const when of ['before', 'after'] as const) {
        const customer = await prepared();
        table.wire.failAt(step, when);

        await expect(table.store.recordInbound(arrivalOf(customer, 0, NOON))).rejects.toThrow('connection lost');
        await table.store.recordInbound(arrivalOf(customer, 0, secondsAfterNoon(30)));

        expect(await endOf(table, customer), `step ${step} failed ${when}`).toEqual(wanted);
        expect(await table.read(customerKey(CHANNEL, customer))).toMatchObject({
          lastOpenedAt: NOON_SECONDS + (before[0] === -60 ? -60 : 0),
        });
      }
  });

  it('never shows a message whose window is not open yet', async () => {
    const table = aTableInMemory();
    const customer = aNewCustomer();
    table.wire.failAt(2, 'after');

    await expect(table.store.recordInbound(arrivalOf(customer, 0, NOON))).rejects.toThrow('connection lost');

    const end = await endOf(table, customer);
    expect(end.thread).toEqual([]);
    expect(end.expiresAt).toBe(NOON_SECONDS + DAY);
  });
});
