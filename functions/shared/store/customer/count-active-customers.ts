import pMap from 'p-map';
import type { Table } from '../dynamo/client.ts';
import { CHANGED_ITEMS, retryUnderContention } from '../dynamo/contention.ts';
import { type Activity, countMember, findUncounted, type MemberOutcome } from '../usage/count-members.ts';
import { type MergeMembers, mergeMembers } from '../usage/merge-members.ts';
import { shardOfMember } from '../usage/usage-keys.ts';
import { canonicalKeyOf, canonicalKeyUnchanged } from './identities.ts';
import { linkIdentities } from './link-identities.ts';

/** Counters written in parallel; customers of one counter are counted in turn, so that they do not conflict. */
const CONCURRENCY = 4;

const count = async (table: Table, activity: Activity, now: Date): Promise<MemberOutcome> => {
  const { userId, message } = activity;
  const { channel } = message;
  if (userId !== undefined) await linkIdentities(table, message, { userId, now });
  return retryUnderContention<MemberOutcome>(CHANGED_ITEMS, async () => {
    const customer = await canonicalKeyOf(table, channel, message.customer);
    return countMember(table, { activity, customer, keyUnchanged: canonicalKeyUnchanged(table, channel, customer) });
  });
};

/** Counts by the first of equal activities whose message is still stored. */
const countFirst = async (table: Table, equal: readonly Activity[], now: Date): Promise<MemberOutcome> => {
  for (const activity of equal) {
    const outcome = await count(table, activity, now);
    if (outcome !== 'erased') return outcome;
  }
  return 'erased';
};

/** Called with activities that could not be counted; the others are counted all the same. */
export type OnUncounted<T> = (uncounted: readonly T[], fault: unknown) => void;

const raise = (_: unknown, fault: unknown): never => {
  throw fault;
};

const toGroup = ({ message: { channel, customer }, month, userId }: Activity): string =>
  JSON.stringify([channel, customer, month, userId]);

interface Counting {
  readonly now: Date;
  readonly onUncounted: OnUncounted<Activity>;
}

const countInTurn = async (
  table: Table,
  activities: readonly Activity[],
  { now, onUncounted }: Counting,
): Promise<readonly Activity[]> => {
  const counted: Activity[] = [];
  for (const equal of Map.groupBy(activities, toGroup).values())
    try {
      if ((await countFirst(table, equal, now)) === 'counted') counted.push(...equal.slice(0, 1));
    } catch (fault) {
      onUncounted(equal, fault);
    }
  return counted;
};

const countEach = async (
  table: Table,
  activities: readonly Activity[],
  counting: Counting,
): Promise<readonly Activity[]> => {
  const uncounted = await findUncounted(table, activities);
  const counters = Map.groupBy(uncounted, ({ message }) => shardOfMember(message.customer));
  const counted = await pMap(counters.values(), (some) => countInTurn(table, some, counting), {
    concurrency: CONCURRENCY,
  });
  return counted.flat();
};

/**
 * Counts each customer once for each month, channel and deployment, under whatever identity their messages are (R14).
 * @throws at the first that cannot be counted
 */
export const countActivities = (
  table: Table,
  activities: readonly Activity[],
  now: Date,
): Promise<readonly Activity[]> => countEach(table, activities, { now, onUncounted: raise });

/** Counts monthly active users exactly (R14): a member is written once, in one transaction with its counter. */
export const createMemberStore = (table: Table) => ({
  /** Counts customers who are not counted yet in their month; returns one activity of each who is new on the channel. */
  countActivities: (
    activities: readonly Activity[],
    now: Date,
    onUncounted: OnUncounted<Activity> = raise,
  ): Promise<readonly Activity[]> => countEach(table, activities, { now, onUncounted }),

  /** Counts a customer who was merged into another key under that key, once. */
  mergeMembers: (merge: MergeMembers, now: Date): Promise<void> => mergeMembers(table, merge, now),
});
