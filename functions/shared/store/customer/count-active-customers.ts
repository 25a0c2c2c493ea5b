import pMap from 'p-map';
import type { Table } from '../dynamo/client.ts';
import { CHANGED_ITEMS, Contended, retryUnderContention } from '../dynamo/contention.ts';
import { type Activity, findUncounted, memberIn } from '../usage/count-members.ts';
import { type MergeMembers, mergeMembers } from '../usage/merge-members.ts';
import { shardOfMember } from '../usage/usage-keys.ts';
import { correctMembers, type SharedName } from './correct-members.ts';
import { countActivity } from './count-activity.ts';
import { ownerAt } from './identities.ts';

/** Counters written in parallel; customers of one counter are counted in turn, so that they do not conflict. */
const CONCURRENCY = 4;

/** Counts by the first of the activities under one name whose message is still stored, or for each of its owners. */
const countOwners = async (table: Table, sameName: readonly Activity[]): Promise<readonly Activity[]> => {
  const counted: Activity[] = [];
  for (const activity of sameName) {
    const { outcome, isShared } = await countActivity(table, activity);
    if (outcome === 'counted') counted.push(activity);
    if (outcome !== 'erased' && !isShared) break;
  }
  return counted;
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
  for (const sameName of Map.groupBy(activities, toGroup).values())
    try {
      counted.push(...(await countOwners(table, sameName)));
    } catch (fault) {
      onUncounted(sameName, fault);
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

export type MergedCustomer = Pick<MergeMembers, 'channel' | 'from' | 'now'>;

/** Where the name leads now: further merges may have come since, or it has a customer of its own again. */
const mergeUnderCanonical = (table: Table, merge: MergedCustomer): Promise<object> =>
  retryUnderContention<object>(CHANGED_ITEMS, async () => {
    const { channel, from } = merge;
    const { customer: to, isKeyShared, unchanged } = await ownerAt(table, channel, { name: from });
    if (to === from) return {};
    try {
      await mergeMembers(table, { ...merge, to, isKeyShared, unchanged });
      return {};
    } catch (fault) {
      const isMoved = (await ownerAt(table, channel, { name: from })).customer !== to;
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

  /** Counts a customer whose name leads to another one under that one, once. */
  mergeMembers: (merge: MergedCustomer): Promise<object> => mergeUnderCanonical(table, merge),

  /** Counts each owner of a name by what is of their own time with it. */
  correctMembers: (shared: SharedName): Promise<void> => correctMembers(table, shared),
});
