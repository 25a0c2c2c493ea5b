import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CustomerKey } from '../../functions/shared/domain/customer.ts';
import type { Activity } from '../../functions/shared/store/usage/count-members.ts';
import { DEPLOYMENT } from '../../functions/shared/store/usage/usage-keys.ts';
import { anArrival, CHANNEL, CUSTOMER, secondsAfterNoon } from '../support/arrivals.ts';
import { aTableInMemory, type TestTable } from '../support/table.ts';
import { anActivity, countersOf } from '../support/usage.ts';

const USER = CustomerKey.parse('US.13491208655302741918');
const NEIGHBOUR = CustomerKey.parse('+16505551235');

/** Records a message and answers what the stream makes of it. */
const write = async (table: TestTable, activity: Activity): Promise<Activity> => {
  const { channel, customer, atMs, id } = activity.message;
  const identities = customer.startsWith('+') ? { phone: customer } : { userId: customer };
  await table.peer().recordInbound(anArrival({ at: new Date(atMs), channel, id, identities }));
  return activity;
};

describe('the counters', () => {
  it('agree with their members after any messages in any order, counted by two at once', async () => {
    const someone = fc.constantFrom<CustomerKey>(CUSTOMER, NEIGHBOUR, USER);
    const message = fc.record({
      customer: someone,
      second: fc.integer({ min: 0, max: 40 }),
      channel: fc.constantFrom(CHANNEL, 'sales'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 12 }), async (messages) => {
        const table = aTableInMemory();
        const activities = [];
        for (const { customer, second, channel } of messages)
          activities.push(
            await write(
              table,
              anActivity({ customer, channel, at: secondsAfterNoon(second), id: `${customer}${second}` }),
            ),
          );
        await Promise.all([
          table.store.countActivities(activities),
          table.peer().countActivities(activities.toReversed()),
        ]);

        const people = (channel: string | undefined) =>
          new Set(messages.filter((one) => one.channel === (channel ?? one.channel)).map(({ customer }) => customer))
            .size;
        expect((await countersOf(table, CHANNEL)).counted).toBe(people(CHANNEL));
        expect((await countersOf(table, 'sales')).counted).toBe(people('sales'));
        expect((await countersOf(table, DEPLOYMENT)).counted).toBe(people(undefined));
      }),
      { numRuns: 40 },
    );
  });
});
