import { activeAt, countedMonths, countsOf, monthOf, readPriceCounter } from '../shared/domain/usage.ts';
import type { StoreRuntime } from '../shared/runtime/store-runtime.ts';
import type { Change } from '../shared/store/changes.ts';
import type { MessageItem } from '../shared/store/items.ts';
import type { MessageName } from '../shared/store/keys.ts';
import type { Activity } from '../shared/store/usage/count-members.ts';
import type { CountedOnce } from '../shared/store/usage/count-messages.ts';

type MessageChange = Extract<Change, { kind: 'message' }>;

const nameOf = ({ channel, customer }: MessageChange, { at, id }: MessageItem): MessageName => ({
  channel,
  customer,
  atMs: at,
  id,
});

/** A customer counts with a message that has just come to count (R14). */
const activityOf = (change: MessageChange): readonly Activity[] => {
  const { before, after } = change;
  const at = activeAt(after);
  if (after === undefined || at === undefined || activeAt(before) !== undefined) return [];
  const userId = after.direction === 'inbound' ? after.userId : undefined;
  return [{ message: nameOf(change, after), month: monthOf(at), userId }];
};

const talliesIn = (change: MessageChange): readonly CountedOnce[] => {
  const { before, after } = change;
  return after === undefined
    ? []
    : countsOf(before, after).map((tally) => ({ message: nameOf(change, after), ...tally }));
};

/** Tells once of each threshold that a channel's monthly active users have reached. */
const markThresholds = async (
  { store, channel, now, log }: StoreRuntime,
  activities: readonly Activity[],
): Promise<void> => {
  const scopes = new Map(
    activities.map(({ message: { channel: of }, month }) => [`${of} ${month}`, { channel: of, month }]),
  );
  for (const scope of scopes.values()) {
    const { mauThresholds = [] } = channel(scope.channel) ?? {};
    if (mauThresholds.length === 0) continue;
    const { mau, passed } = await store.readPassed(scope, mauThresholds);
    for (const threshold of passed)
      if (await store.markThreshold(scope, { threshold, mau, reachedAt: now().getTime() }))
        log.count('UsageThresholdsReached');
  }
};

const countPriced = ({ log }: StoreRuntime, counted: readonly CountedOnce[]): void => {
  const priced = counted.filter(({ what }) => what === 'price');
  for (const [counter, some] of Map.groupBy(priced, ({ counter }) => counter)) {
    const { category, type } = readPriceCounter(counter) ?? { category: '', type: '' };
    log.count('MessagesPriced', some.length, { category, type });
  }
};

/**
 * Counts what the changes of a batch add to the usage of their months. Repeating it adds nothing, and the thresholds are
 * looked at whether or not somebody was new, so that a crash between any two steps is healed by the next delivery.
 */
export const countUsage = async (runtime: StoreRuntime, changes: readonly Change[]): Promise<void> => {
  const { store, log, now } = runtime;
  const months = new Set(countedMonths(now()));
  const isCounted = ({ month }: { readonly month: string }): boolean => months.has(month);
  const messages = changes.filter((change) => change.kind === 'message');
  const activities = messages.flatMap(activityOf).filter(isCounted);
  for (const change of changes)
    if (change.kind === 'move')
      await store.mergeMembers({ channel: change.channel, from: change.customer, to: change.to }, now());
  const fresh = await store.countActivities(activities, now());
  for (const [of, some] of Map.groupBy(fresh, ({ message }) => message.channel))
    log.count('CustomersCounted', some.length, { channel: of });
  const counted = await store.countMessages(messages.flatMap(talliesIn).filter(isCounted), now());
  countPriced(runtime, counted);
  await markThresholds(runtime, activities);
};
