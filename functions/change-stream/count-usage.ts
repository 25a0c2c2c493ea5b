import type { CustomerKey } from '../shared/domain/customer.ts';
import type { KnownName } from '../shared/domain/names.ts';
import { activeAt, countedMonths, countsOf, monthOf, readPriceCounter } from '../shared/domain/usage.ts';
import type { Change } from '../shared/store/changes.ts';
import type { MessageItem } from '../shared/store/items.ts';
import { type MessageName, messageKey } from '../shared/store/keys.ts';
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
  const customer = after.direction === 'inbound' ? after.customer : undefined;
  return [{ message: nameOf(change, after), month: monthOf(at), customer }];
};

const messageCountsOf = (change: MessageChange): readonly CountedOnce[] => {
  const { before, after } = change;
  return after === undefined
    ? []
    : countsOf(before, after).map((count) => ({ message: nameOf(change, after), ...count }));
};

/** A change that could not be counted, and why. */
export interface Uncounted {
  readonly change: Change;
  readonly fault: unknown;
}

interface Counting extends StoreRuntime {
  /** Called with the messages that could not be counted. */
  readonly onUncounted: (some: readonly { readonly message: MessageName }[], fault: unknown) => void;
}

/** The times in which a name was the customer's after it had been another one's. */
const timesOf = (names: readonly KnownName[] | undefined, name: CustomerKey): readonly string[] =>
  (names ?? []).flatMap((one) =>
    one.name === name && one.ownedFrom !== undefined ? `${one.ownedFrom} ${one.previousOwner}` : [],
  );

/** The names of which a change says anew who had them before. */
const namesWithOwners = ({ before, after }: Extract<Change, { kind: 'customer' }>): readonly CustomerKey[] => {
  const names = new Set((after?.names ?? []).map(({ name }) => name));
  return [...names].filter((name) => {
    const known = new Set(timesOf(before?.names, name));
    return timesOf(after?.names, name).some((time) => !known.has(time));
  });
};

/** A customer that got another name is one member with it from now on; owners of one name are as many as were active. */
const followCustomers = async (
  { store, now, channels }: StoreRuntime,
  change: Extract<Change, { kind: 'customer' | 'merge' }>,
): Promise<void> => {
  const { channel } = change;
  if (change.kind === 'merge') await store.mergeMembers({ channel, from: change.customer, now: now() });
  else
    for (const name of namesWithOwners(change))
      await store.correctMembers({ channel, name, channels: channels.map(({ id }) => id), now: now() });
};

const mergeMembers = async (
  runtime: StoreRuntime,
  changes: readonly Change[],
  onUncounted: (change: Change, fault: unknown) => void,
): Promise<void> => {
  for (const change of changes.filter((change) => change.kind === 'merge' || change.kind === 'customer'))
    await followCustomers(runtime, change).catch((fault: unknown) => onUncounted(change, fault));
};

const countCustomers = async (
  { store, log, onUncounted }: Counting,
  activities: readonly Activity[],
): Promise<void> => {
  const counted = await store.countActivities(activities, onUncounted);
  for (const [channel, customers] of Map.groupBy(counted, ({ message }) => message.channel))
    log.count('CustomersCounted', customers.length, { channel });
};

const countMessages = async (
  { store, log, now, onUncounted }: Counting,
  counts: readonly CountedOnce[],
): Promise<void> => {
  const counted = await store.countMessages(counts, now(), onUncounted);
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

/** Runs a step over messages; when it fails as a whole, none of them is counted. */
const attempt = async <T extends { readonly message: MessageName }>(
  counting: Counting,
  some: readonly T[],
  step: (counting: Counting, some: readonly T[]) => Promise<void>,
): Promise<void> => {
  try {
    await step(counting, some);
  } catch (fault) {
    counting.onUncounted(some, fault);
  }
};

const keyOf = (name: MessageName): string => JSON.stringify(messageKey(name));

/**
 * Adds the changes of a batch to the usage of their months; returns those that could not be counted, which are logged. A
 * repeat adds nothing, and thresholds are checked also when no customer is new, so that the next delivery completes what a
 * crash left undone.
 */
export const countUsage = async (runtime: StoreRuntime, changes: readonly Change[]): Promise<readonly Uncounted[]> => {
  const uncounted = new Map<Change, unknown>();
  const fail = (some: readonly Change[], fault: unknown): void => {
    for (const change of some) uncounted.set(change, fault);
    runtime.log.error('change-stream.usage-failed', { changes: some.length }, fault);
  };
  const months = new Set(countedMonths(runtime.now()));
  const isCounted = ({ month }: { readonly month: string }): boolean => months.has(month);
  const messages = changes.filter((change) => change.kind === 'message');
  const changesOf = Map.groupBy(messages, (change) => change.after && keyOf(nameOf(change, change.after)));
  const onUncounted: Counting['onUncounted'] = (some, fault) => {
    const keys = new Set(some.map(({ message }) => keyOf(message)));
    fail(
      [...keys].flatMap((key) => changesOf.get(key) ?? []),
      fault,
    );
  };
  const counting = { ...runtime, onUncounted };
  const activities = messages.flatMap(activityOf).filter(isCounted);

  await mergeMembers(runtime, changes, (change, fault) => fail([change], fault));
  await attempt(counting, activities, countCustomers);
  await attempt(counting, messages.flatMap(messageCountsOf).filter(isCounted), countMessages);
  await attempt(counting, activities, markThresholds);
  return [...uncounted].map(([change, fault]) => ({ change, fault }));
};
