import pMap from 'p-map';
import type { Table } from '../dynamo/client.ts';
import { CHANGED_ITEMS, Contended, retryUnderContention } from '../dynamo/contention.ts';
import { type Activity, countMember, findUncounted, type MemberOutcome, memberIn } from '../usage/count-members.ts';
import { type MergeMembers, mergeMembers } from '../usage/merge-members.ts';
import { shardOfMember } from '../usage/usage-keys.ts';
import { canonicalKeyOf, canonicalKeyUnchanged } from './identities.ts';

/** Counters written in parallel; customers of one counter are counted in turn, so that they do not conflict. */
const CONCURRENCY = 4;

const count = (table: Table, activity: Activity): Promise<MemberOutcome> => {
  const { message } = activity;
  const { channel } = message;
  return retryUnderContention<MemberOutcome>(CHANGED_ITEMS, async () => {
    const customer = await canonicalKeyOf(table, channel, message.customer);
    return countMember(table, { activity, customer, keyUnchanged: canonicalKeyUnchanged(table, channel, customer) });
  });
};

/** Counts by the first of equal activities whose message is still stored. */
const countFirst = async (table: Table, equal: readonly Activity[]): Promise<MemberOutcome> => {
  for (const activity of equal) {
    const outcome = await count(table, activity);
    if (outcome !== 'erased') return outcome;
  }
  return 'erased';
};

/** Called with activities that could not be counted; the others are counted all the same. */
export type OnUncounted<T> = (uncounted: readonly T[], fault: unknown) => void;

const raise = (_: unknown, fault: unknown): never => {
  throw fault;
};

const toGroup = ({ message: { channel, customer }, month }: Activity): string =>
  JSON.stringify([channel, customer, month]);

const countInTurn = async (
  table: Table,
  activities: readonly Activity[],
  onUncounted: OnUncounted<Activity>,
): Promise<readonly Activity[]> => {
  const counted: Activity[] = [];
  for (const equal of Map.groupBy(activities, toGroup).values())
    try {
      if ((await countFirst(table, equal)) === 'counted') counted.push(...equal.slice(0, 1));
    } catch (fault) {
      onUncounted(equal, fault);
    }
  return counted;
};

const countEach = async (
  table: Table,
  activities: readonly Activity[],
  onUncounted: OnUncounted<Activity>,
): Promise<readonly Activity[]> => {
  const uncounted = await findUncounted(table, activities);
  const counters = Map.groupBy(uncounted, (activity) => shardOfMember(memberIn(activity)));
  const counted = await pMap(counters.values(), (some) => countInTurn(table, some, onUncounted), {
    concurrency: CONCURRENCY,
  });
  return counted.flat();
};

/**
 * Counts each customer once for each month, channel and deployment, under whatever identity their messages are (R14).
 * @throws at the first that cannot be counted
 */
export const countActivities = (table: Table, activities: readonly Activity[]): Promise<readonly Activity[]> =>
  countEach(table, activities, raise);

export type MergedCustomer = Omit<MergeMembers, 'keyUnchanged'>;

/** Further merges may have come since: the members follow to where the customer is counted now. */
const mergeUnderCanonical = (table: Table, merge: MergedCustomer): Promise<object> =>
  retryUnderContention<object>(CHANGED_ITEMS, async () => {
    const { channel, from } = merge;
    const to = await canonicalKeyOf(table, channel, merge.to);
    if (to === from) return {};
    try {
      await mergeMembers(table, { ...merge, to, keyUnchanged: canonicalKeyUnchanged(table, channel, to) });
      return {};
    } catch (fault) {
      const isMoved = (await canonicalKeyOf(table, channel, merge.to)) !== to;
      if (isMoved) return new Contended('the customer was merged again');
      throw fault;
    }
  });

/** Counts monthly active users exactly (R14): a member is written once, in one transaction with its counter. */
export const createMemberStore = (table: Table) => ({
  /** Counts customers who are not counted yet in their month; returns one activity of each who is new on the channel. */
  countActivities: (
    activities: readonly Activity[],
    onUncounted: OnUncounted<Activity> = raise,
  ): Promise<readonly Activity[]> => countEach(table, activities, onUncounted),

  /** Counts a customer who was merged under the canonical name that they have now, once. */
  mergeMembers: (merge: MergedCustomer): Promise<object> => mergeUnderCanonical(table, merge),
});
