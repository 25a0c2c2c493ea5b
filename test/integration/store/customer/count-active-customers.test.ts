import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { CustomerKey, type Identities } from '../../../../functions/shared/domain/customer.ts';
import { customerKey, messageKey, sessionKey } from '../../../../functions/shared/store/keys.ts';
import type { Activity } from '../../../../functions/shared/store/usage/count-members.ts';
import { anArrival, CHANNEL, CUSTOMER, NOON, secondsAfterNoon } from '../../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../../support/endpoint.ts';
import { aTable, type TestTable } from '../../../support/table.ts';
import { anActivity, countersOf, mauOf, NOVEMBER } from '../../../support/usage.ts';

const USER = CustomerKey.parse('US.13491208655302741918');
const LAST_OF_OCTOBER = new Date('2026-10-31T23:59:59.999Z');
const FIRST_OF_NOVEMBER = new Date('2026-11-01T00:00:00.000Z');

let table: TestTable;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
});

/** Records a message and answers what the stream makes of it. */
const write = async (activity: Activity = anActivity(), userId?: CustomerKey): Promise<Activity> => {
  const { channel, customer, atMs, id } = activity.message;
  const phone = customer.startsWith('+') ? customer : undefined;
  const identities = phone === undefined ? { userId: customer } : { phone, userId };
  await table.peer().recordInbound(anArrival({ at: new Date(atMs), channel, id, identities }));
  return activity;
};

/** What the stream makes of the tombstone that a link leaves. */
const mergeMembers = () => table.store.mergeMembers({ channel: CHANNEL, from: USER, now: NOON });

const count = (...activities: Activity[]) => table.store.countActivities(activities);

describe('a monthly active user', () => {
  it('counts once on the channel and once in the deployment, whatever is delivered again', async () => {
    const activity = await write();

    expect(await count(activity)).toHaveLength(1);
    expect(await count(activity, activity)).toHaveLength(0);
    await count(await write(anActivity({ at: secondsAfterNoon(5) })));

    expect(await mauOf(table)).toEqual({ channel: 1, deployment: 1 });
  });

  it('costs one read and no write once counted', async () => {
    const activity = await write();
    await count(activity);
    table.wire.reset();

    await count(activity, await write(anActivity({ at: secondsAfterNoon(5) })));

    expect(table.wire.commands).toEqual(['BatchGetItem']);
  });

  it('counts in the month of the message, in UTC', async () => {
    await count(await write(anActivity({ at: LAST_OF_OCTOBER })), await write(anActivity({ at: FIRST_OF_NOVEMBER })));

    expect(await mauOf(table, '2026-10')).toEqual({ channel: 1, deployment: 1 });
    expect(await mauOf(table, NOVEMBER)).toEqual({ channel: 1, deployment: 1 });
  });

  it('counts on each channel, and in the deployment once', async () => {
    await count(await write(), await write(anActivity({ channel: 'sales' })));

    expect((await countersOf(table, 'sales')).counted).toBe(1);
    expect(await mauOf(table)).toEqual({ channel: 1, deployment: 1 });
  });

  it('is one of two who count when both begin at the same moment', async () => {
    const activities = [await write(), await write(anActivity({ at: secondsAfterNoon(1) }))];
    const stores = [table.store, table.peer(), table.peer(), table.peer()];

    await Promise.all(stores.map((store, index) => store.countActivities([activities[index % 2] as Activity])));

    expect(await mauOf(table)).toEqual({ channel: 1, deployment: 1 });
  });

  it('is counted wholly or not at all when the connection breaks, and by the next delivery in the end', async () => {
    const activity = await write();
    for (const when of ['before', 'after'] as const)
      for (const number of [0, 1, 2, 3]) {
        table.wire.failAt(number, when);
        await count(activity).catch(() => undefined);
        await mauOf(table);
      }
    table.wire.reset();
    await count(activity);

    expect(await mauOf(table)).toEqual({ channel: 1, deployment: 1 });
  });

  it('does not count by a message that was erased before it was counted', async () => {
    expect(await count(anActivity())).toEqual([]);

    expect(await mauOf(table)).toEqual({ channel: 0, deployment: 0 });
  });
});

describe('a customer with a phone number and a user id', () => {
  const both = async (at = secondsAfterNoon(10)) => {
    const activity = await write(anActivity({ at }), USER);
    await mergeMembers();
    return activity;
  };
  const byUserId = (at = secondsAfterNoon(20)) => write(anActivity({ at, customer: USER }));
  const byPhone = (at = secondsAfterNoon(30)) => write(anActivity({ at }));

  it.each([
    ['both identities first', [both, byUserId, byPhone]],
    ['the user id first', [byUserId, both, byPhone]],
    ['the number first', [byPhone, byUserId, both]],
    ['both identities last, after each alone', [byUserId, byPhone, both]],
  ])('counts once, with %s', async (_, steps) => {
    for (const step of steps) await count(await step());

    expect(await mauOf(table)).toEqual({ channel: 1, deployment: 1 });
    expect((await countersOf(table, CHANNEL)).members).toEqual([CUSTOMER]);
  });

  it('counts once in months that had been counted under two identities', async () => {
    await count(await byPhone(LAST_OF_OCTOBER), await byUserId(LAST_OF_OCTOBER), await byUserId(FIRST_OF_NOVEMBER));
    expect(await mauOf(table, '2026-10')).toEqual({ channel: 2, deployment: 2 });

    await count(await both());

    expect(await mauOf(table, '2026-10')).toEqual({ channel: 1, deployment: 1 });
    expect(await mauOf(table)).toEqual({ channel: 1, deployment: 1 });
  });

  it('costs one read once linked and counted', async () => {
    await count(await byUserId(), await both());
    const again = await both(secondsAfterNoon(40));
    await count(again);
    table.wire.reset();

    await count(again);

    expect(table.wire.commands).toEqual(['BatchGetItem']);
  });

  it('is not counted under the user id by a writer that read before the identities were linked', async () => {
    const old = await byUserId();
    // Just before the transaction that counts the user id, another writer learns the number.
    const late = table.tapped(4, async () => count(await both()));

    await late.countActivities([old]);

    expect(await mauOf(table)).toEqual({ channel: 1, deployment: 1 });
    expect((await countersOf(table, CHANNEL)).members).toEqual([CUSTOMER]);
  });

  it('counts once whatever breaks on the way', async () => {
    const old = await byUserId();
    await count(old);
    const linking = await write(anActivity({ at: secondsAfterNoon(10) }), USER);
    for (const when of ['before', 'after'] as const)
      for (let number = 0; number < 9; number += 1) {
        table.wire.failAt(number, when);
        await mergeMembers().catch(() => undefined);
        await count(linking).catch(() => undefined);
        await mauOf(table);
      }
    table.wire.reset();
    await mergeMembers();
    await count(linking, old);

    expect(await mauOf(table)).toEqual({ channel: 1, deployment: 1 });
  });

  it('leaves nothing behind of one who was erased before the identities were linked', async () => {
    await count(anActivity());

    expect(await table.read(customerKey(CHANNEL, USER))).toBeUndefined();
    expect(await mauOf(table)).toEqual({ channel: 0, deployment: 0 });
  });
});

describe('a message of a clock ahead', () => {
  const EVE = new Date('2026-11-30T23:58:00Z');
  const aheadBy = (seconds: number) => new Date(Date.parse('2026-12-01T00:00:00Z') + seconds * 1_000);

  it('counts when it arrives, also where it opens nothing', async () => {
    const at = new Date('2027-03-01T00:00:00Z');
    await table.peer().recordInbound(anArrival({ at, now: NOON, id: 'wamid.ahead', opens: false }));

    const item = await table.read(
      messageKey({ channel: CHANNEL, customer: CUSTOMER, atMs: at.getTime(), id: 'wamid.ahead' }),
    );
    expect(item).toMatchObject({ countedAt: NOON.getTime() / 1_000 });
  });

  it('counts one customer in the month that is about to begin', async () => {
    const arrive = (id: string, identities: Identities, second: number) =>
      table.peer().recordInbound(anArrival({ at: aheadBy(second), now: EVE, id, identities }));
    await arrive('wamid.user', { userId: USER }, 30);
    await arrive('wamid.both', { phone: CUSTOMER, userId: USER }, 31);
    await table.store.countActivities([anActivity({ customer: USER, at: aheadBy(30), id: 'wamid.user' })]);
    await table.store.mergeMembers({ channel: CHANNEL, from: USER, now: EVE });
    await table.store.countActivities([anActivity({ at: aheadBy(31), id: 'wamid.both' })]);

    expect(await mauOf(table, '2026-12')).toEqual({ channel: 1, deployment: 1 });
  });
});

describe('a customer who was merged into another partition', () => {
  it('counts under the new key, once', async () => {
    await count(await write(anActivity({ customer: USER })), await write(anActivity({ at: secondsAfterNoon(1) })));
    await table.documents.send(
      new PutCommand({ TableName: table.tableName, Item: { ...sessionKey(CHANNEL, USER), movedTo: CUSTOMER } }),
    );
    await table.store.mergeMembers({ channel: CHANNEL, from: USER, now: NOON });
    const late = anActivity({ customer: USER, at: secondsAfterNoon(2) });
    await table.documents.send(
      new PutCommand({
        TableName: table.tableName,
        Item: {
          pk: sessionKey(CHANNEL, USER).pk,
          sk: `MSG#${late.message.atMs}#${late.message.id}`,
        },
      }),
    );

    await count(late);

    expect(await mauOf(table)).toEqual({ channel: 1, deployment: 1 });
  });
});
