import { SESSIONS_TABLE } from '../../../functions/shared/store/table.ts';
import { compareText, type Item, isSameItem } from './values.ts';

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** One record of the stream: an item before and after a write that changed it. */
export interface Change {
  readonly key: Key;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

type Partitions = Map<string, Map<string, Item>>;

const { partitionKey: SHARD, sortKey: DUE_AT } = SESSIONS_TABLE.byDueAt;

const put = (partitions: Partitions, { pk, sk }: Key, item: Item | undefined): void => {
  const partition = partitions.get(pk) ?? new Map<string, Item>();
  if (item === undefined) partition.delete(sk);
  else partition.set(sk, item);
  if (partition.size === 0) partitions.delete(pk);
  else partitions.set(pk, partition);
};

const copy = (partitions: Partitions): Partitions =>
  new Map([...partitions].map(([pk, items]) => [pk, new Map(items)]));

const sorted = (items: Iterable<readonly [string, Item]>): readonly Item[] =>
  [...items].sort(([one], [other]) => compareText(one, other)).map(([, item]) => item);

const placeOf = ({ pk, sk }: Key): string => `${pk}\u0000${sk}`;

/** Seconds have as many. */
const DIGITS = 10;

/** An eventually consistent read is behind for less than that. */
const STALE_MS = 1_000;

/** What the index holds of an item. */
const entryOf = ({ pk, sk }: Key, item: Item | undefined): Item | undefined => {
  const [shard, dueAt] = [item?.[SHARD], item?.[DUE_AT]];
  if (shard === undefined || dueAt === undefined) return undefined;
  return { pk: { S: pk }, sk: { S: sk }, [SHARD]: shard, [DUE_AT]: dueAt };
};

/** Where the index has an entry: by second, then by the key of its item. */
export const placeInIndex = (entry: Item): Key => ({
  pk: entry[SHARD]?.S ?? '',
  sk: `${(entry[DUE_AT]?.N ?? '').padStart(DIGITS, '0')}\u0000${placeOf({ pk: entry['pk']?.S ?? '', sk: entry['sk']?.S ?? '' })}`,
});

export interface Snapshot {
  readonly items: Partitions;
  readonly index: Partitions;
}

/** A table in memory with the `byDueAt` index and the stream; images are never changed in place. */
export const createMemoryTable = (now: () => Date = () => new Date(0)) => {
  let items: Partitions = new Map();
  let index: Partitions = new Map();
  let replaced = new Map<string, Change>();
  let changes: Change[] = [];
  let unindexed: Change[] = [];
  let isLagging = false;

  const read = ({ pk, sk }: Key): Item | undefined => items.get(pk)?.get(sk);

  const toIndex = ({ key, before, after }: Change): void => {
    const [old, fresh] = [entryOf(key, before), entryOf(key, after)];
    if (old !== undefined) put(index, placeInIndex(old), undefined);
    if (fresh !== undefined) put(index, placeInIndex(fresh), fresh);
  };

  return {
    read,
    /** The item before its last change, as an eventually consistent read may still see it. */
    readStale: (key: Key): Item | undefined => {
      const last = replaced.get(placeOf(key));
      return last !== undefined && now().getTime() - last.atMs <= STALE_MS ? last.before : read(key);
    },
    write: (key: Key, after: Item | undefined): void => {
      const before = read(key);
      if (isSameItem(before, after)) return;
      const change = { key, before, after, atMs: now().getTime() };
      put(items, key, after);
      replaced.set(placeOf(key), change);
      changes.push(change);
      if (isLagging) unindexed.push(change);
      else toIndex(change);
    },
    /** The items of a partition, in the order of their sort keys. */
    partition: (pk: string): readonly Item[] => sorted(items.get(pk) ?? []),
    /** The entries of a partition of the index, by second. */
    indexPartition: (due: string): readonly Item[] => sorted(index.get(due) ?? []),
    all: (): readonly Item[] => [...items.values()].flatMap((partition) => [...partition.values()]),
    /** The items of every partition that have that sort key. */
    allAt: (sk: string): readonly Item[] =>
      [...items.values()].map((partition) => partition.get(sk)).filter((item) => item !== undefined),
    /** The changes since the last call. */
    takeChanges: (): readonly Change[] => {
      const taken = changes;
      changes = [];
      return taken;
    },
    /** Whether the index stays behind from now on. */
    setLagging: (lags: boolean): void => {
      isLagging = lags;
      if (lags) return;
      for (const change of unindexed) toIndex(change);
      unindexed = [];
    },
    snapshot: (): Snapshot => ({ items: copy(items), index: copy(index) }),
    /** Makes the table what it was, with an empty stream. */
    restore: (snapshot: Snapshot): void => {
      items = copy(snapshot.items);
      index = copy(snapshot.index);
      replaced = new Map();
      changes = [];
      unindexed = [];
    },
  };
};
export type MemoryTable = ReturnType<typeof createMemoryTable>;
