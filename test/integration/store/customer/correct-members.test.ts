import { beforeEach, describe, expect, it } from 'vitest';
import { CustomerKey } from '../../../../functions/shared/domain/customer.ts';
import type { Activity } from '../../../../functions/shared/store/usage/count-members.ts';
import { anArrival, CHANNEL, CUSTOMER, NOON, secondsAfterNoon } from '../../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../../support/endpoint.ts';
import { aTable, type TestTable } from '../../../support/table.ts';
import { anActivity, countersOf, mauOf } from '../../../support/usage.ts';

const [OLD, NEW] = ['US.1', 'US.2'].map((name) => CustomerKey.parse(name)) as [CustomerKey, CustomerKey];
const LAST_OF_OCTOBER = new Date('2026-10-31T23:00:00Z');
const HOUR = 3_600;

let table: TestTable;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
});

/** A message of the number, perhaps with the user id of whom it belongs to, and what the stream counts of it. */
const write = async (at: Date, userId?: CustomerKey, channel = CHANNEL): Promise<Activity> => {
  const activity = anActivity({ at, channel });
  const now = at > NOON ? at : NOON;
  await table
    .peer()
    .recordInbound(anArrival({ at, now, channel, id: activity.message.id, identities: { phone: CUSTOMER, userId } }));
  return activity;
};

const count = (...activities: Activity[]) => table.store.countActivities(activities);

/** What the stream makes of a change that says who had the number before. */
const correct = () =>
  table.store.correctMembers({ channel: CHANNEL, name: CUSTOMER, channels: [CHANNEL, 'sales'], now: NOON });

const membersOf = async (month?: string) => (await countersOf(table, CHANNEL, month)).members;

describe('the members of a number that gets a new owner', () => {
  it('are both of them, where the message of the new one is counted before the stream says so', async () => {
    await count(await write(NOON, OLD));
    await count(await write(secondsAfterNoon(HOUR), NEW));

    await correct();

    expect(await membersOf()).toEqual([CUSTOMER, OLD]);
    expect(await mauOf(table)).toEqual({ channel: 2, deployment: 2 });
  });

  it('are the old one alone in a month in which the new one did not write', async () => {
    await count(await write(LAST_OF_OCTOBER, OLD));
    await count(await write(NOON, NEW));

    await correct();

    expect(await membersOf('2026-10')).toEqual([OLD]);
    expect(await membersOf()).toEqual([CUSTOMER]);
  });

  it('are the new one alone, where what counted the old one turns out to be theirs', async () => {
    await count(await write(LAST_OF_OCTOBER, OLD));
    await count(await write(secondsAfterNoon(HOUR)));
    const late = await write(NOON, NEW);

    await correct();
    await count(late);

    expect(await membersOf()).toEqual([CUSTOMER]);
    expect(await mauOf(table)).toEqual({ channel: 1, deployment: 1 });
    expect(await mauOf(table, '2026-10')).toEqual({ channel: 1, deployment: 1 });
  });

  it('stay as they are, however often they are corrected', async () => {
    await count(await write(NOON, OLD));
    await count(await write(secondsAfterNoon(HOUR), NEW));

    for (let times = 0; times < 3; times += 1) await correct();

    expect(await mauOf(table)).toEqual({ channel: 2, deployment: 2 });
  });

  it('are right when several correct them at once', async () => {
    await count(await write(LAST_OF_OCTOBER, OLD));
    await count(await write(NOON, NEW));

    await Promise.all(Array.from({ length: 4 }, correct));

    expect(await mauOf(table, '2026-10')).toEqual({ channel: 1, deployment: 1 });
    expect(await mauOf(table)).toEqual({ channel: 1, deployment: 1 });
  });

  it('are right in the end whatever breaks on the way', async () => {
    await count(await write(NOON, OLD));
    await count(await write(secondsAfterNoon(HOUR), NEW));
    for (const when of ['before', 'after'] as const)
      for (let number = 0; number < 24; number += 1) {
        table.wire.failAt(number, when);
        await correct().catch(() => undefined);
      }
    table.wire.reset();
    await correct();

    expect(await membersOf()).toEqual([CUSTOMER, OLD]);
    expect(await mauOf(table)).toEqual({ channel: 2, deployment: 2 });
  });

  it('are counted each by their own messages after that', async () => {
    await count(await write(LAST_OF_OCTOBER, OLD));
    await count(await write(secondsAfterNoon(HOUR), NEW));
    await correct();

    // A message of the old owner is delivered late.
    await count(await write(NOON));

    expect(await membersOf()).toEqual([CUSTOMER, OLD]);
  });

  it('keep a place in the deployment that another channel gives them', async () => {
    await count(await write(NOON, undefined, 'sales'));
    await count(await write(LAST_OF_OCTOBER, OLD), await write(secondsAfterNoon(-HOUR), OLD));
    await count(await write(secondsAfterNoon(40 * 24 * HOUR), NEW));

    await correct();

    expect(await membersOf()).toEqual([OLD]);
    expect((await countersOf(table, 'sales')).members).toEqual([CUSTOMER]);
    expect(await mauOf(table)).toEqual({ channel: 1, deployment: 2 });
  });

  it('are not joined again by what the stream delivers late', async () => {
    await count(await write(NOON, OLD));
    await count(await write(secondsAfterNoon(HOUR), NEW));
    await correct();

    await table.store.mergeMembers({ channel: CHANNEL, from: OLD, now: NOON });

    expect(await membersOf()).toEqual([CUSTOMER, OLD]);
  });
});

describe('who is erased on one channel', () => {
  const erase = () =>
    table.peer().eraseCustomer({
      channel: CHANNEL,
      customer: CUSTOMER,
      channels: [CHANNEL, 'sales'],
      now: NOON,
      goOn: () => true,
    });

  it('is one of the deployment still, where the stream has not counted yet what they wrote on another one', async () => {
    await count(await write(NOON));
    const uncounted = await write(NOON, undefined, 'sales');

    await erase();
    await count(uncounted);

    expect((await mauOf(table)).deployment).toBe(1);
  });

  it('counts apart from the other owner of their number, also before the stream has said who that is', async () => {
    await count(await write(NOON, OLD));
    await count(await write(secondsAfterNoon(HOUR), NEW));

    await erase();

    expect(await membersOf()).toEqual([OLD, expect.stringMatching(/^erased-/)]);
    expect(await mauOf(table)).toEqual({ channel: 2, deployment: 2 });
  });
});
