import { activeAt, countedMonths, countsOf, monthOf, readPriceCounter } from '../shared/domain/usage.ts';
import type { Change } from '../shared/store/changes.ts';
import type { MessageItem } from '../shared/store/items.ts';
import type { MessageName } from '../shared/store/keys.ts';
import type { Activity } from '../shared/store/usage/count-members.ts';
import type { CountedOnce } from '../shared/store/usage/count-messages.ts';
import type { StoreRuntime } from './store.ts';

type MessageChange = Extract<Change, { kind: 'message' }>;

const nameOf = ({ channel, customer }: MessageChange, { at, id }: MessageItem): MessageName => ({
  channel,
  customer,
  atMs: at,
  id,
});

/** The activity of a customer that a change adds: a message that did not count before and counts now (R14). */
const activityOf = (change: MessageChange): readonly Activity[] => {
  const { before, after } = change;
  const at = activeAt(after);
  if (after === undefined || at === undefined || activeAt(before) !== undefined) return [];
  const userId = after.direction === 'inbound' ? after.userId : undefined;
  return [{ message: nameOf(change, after), month: monthOf(at), userId }];
};

const messageCountsOf = (change: MessageChange): readonly CountedOnce[] => {
  const { before, after } = change;
  return after === undefined
    ? []
    : countsOf(before, after).map((count) => ({ message: nameOf(change, after), ...count }));
};

/** A customer that got another identity is one member with it from now on. */
const mergeMembers = async ({ store, now }: StoreRuntime, changes: readonly Change[]): Promise<void> => {
  for (const change of changes)
    if (change.kind === 'merge')
      await store.mergeMembers({ channel: change.channel, from: change.customer, to: change.to }, now());
};

const countCustomers = async ({ store, log, now }: StoreRuntime, activities: readonly Activity[]): Promise<void> => {
  const counted = await store.countActivities(activities, now());
  for (const [channel, customers] of Map.groupBy(counted, ({ message }) => message.channel))
    log.count('CustomersCounted', customers.length, { channel });
};

const countMessages = async ({ store, log, now }: StoreRuntime, counts: readonly CountedOnce[]): Promise<void> => {
  const counted = await store.countMessages(counts, now());
  const prices = counted.filter(({ what }) => what === 'price');
  for (const [counter, messages] of Map.groupBy(prices, ({ counter }) => counter)) {
    const { category, type } = readPriceCounter(counter) ?? { category: '', type: '' };
    log.count('MessagesPriced', messages.length, { category, type });
  }
};

/** Marks each threshold that a channel's monthly active users have reached; the first mark publishes an event. */
const markThresholds = async (
  { store, channel: configured, now, log }: StoreRuntime,
  activities: readonly Activity[],
): Promise<void> => {
  const scopes = new Map(
    activities.map(({ message: { channel }, month }) => [`${channel} ${month}`, { channel, month }]),
  );
  for (const scope of scopes.values()) {
    const { mauThresholds = [] } = configured(scope.channel) ?? {};
    if (mauThresholds.length === 0) continue;
    const { mau, passed } = await store.readPassed(scope, mauThresholds);
    for (const threshold of passed)
      if (await store.markThreshold(scope, { threshold, mau, reachedAt: now().getTime() }))
        log.count('UsageThresholdsReached');
  }
};

/**
 * Adds the changes of a batch to the usage of their months. A repeat adds nothing, and thresholds are checked also when no
 * customer is new, so that the next delivery completes what a crash left undone.
 */
export const countUsage = async (runtime: StoreRuntime, changes: readonly Change[]): Promise<void> => {
  const months = new Set(countedMonths(runtime.now()));
  const isCounted = ({ month }: { readonly month: string }): boolean => months.has(month);
  const messages = changes.filter((change) => change.kind === 'message');
  const activities = messages.flatMap(activityOf).filter(isCounted);

  await mergeMembers(runtime, changes);
  await countCustomers(runtime, activities);
  await countMessages(runtime, messages.flatMap(messageCountsOf).filter(isCounted));
  await markThresholds(runtime, activities);
};
