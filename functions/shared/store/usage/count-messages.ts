import { createHash } from 'node:crypto';
import { keptUntil, type UsageCount } from '../../domain/usage.ts';
import { epochSeconds } from '../../domain/window.ts';
import type { Table } from '../dynamo/client.ts';
import { chunk } from '../dynamo/read-items.ts';
import { putAbsent, transact } from '../dynamo/transaction.ts';
import { type ItemKey, type MessageName, messageKey } from '../keys.ts';
import { expiresAfterDays } from '../retention.ts';
import { countedKey, messageCountKeys, type UsageScope } from './usage-keys.ts';

/** One transaction has up to 100 operations, the last one for the counter. */
const MAX_MARKS = 99;

/** For how long a repetition is recognised: the stream keeps its records for one day. */
const MARKED_DAYS = 3;

/** A count that a message adds to its month once. */
export interface CountedOnce extends UsageCount {
  readonly message: MessageName;
}

interface Marked extends CountedOnce {
  readonly mark: ItemKey;
}

/** A mark names the count by a hash, so that it identifies no customer. */
const withMark = (count: CountedOnce): Marked => {
  const { pk, sk } = messageKey(count.message);
  const id = createHash('sha256')
    .update(JSON.stringify([pk, sk, count.what]))
    .digest('base64url');
  return { ...count, mark: countedKey(id) };
};

const distinct = (counts: readonly Marked[]): readonly Marked[] => [
  ...new Map(counts.map((count) => [count.mark.pk, count])).values(),
];

/** Any counter of the month will do: readers add them up. */
const anyCounter = (scope: UsageScope): ItemKey => {
  const keys = messageCountKeys(scope);
  const key = keys[Math.floor(Math.random() * keys.length)];
  if (key === undefined) throw new Error('a month has counters');
  return key;
};

const addToCounter = (
  { tableName }: Table,
  counts: readonly Marked[],
  { message: { channel }, month }: CountedOnce,
) => {
  const counters = [...Map.groupBy(counts, ({ counter }) => counter)];
  return {
    Update: {
      TableName: tableName,
      Key: { ...anyCounter({ channel, month }) },
      UpdateExpression: `SET expiresAt = :expiresAt ADD ${counters.map((_, index) => `#c${index} :c${index}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(counters.map(([counter], index) => [`#c${index}`, counter])),
      ExpressionAttributeValues: {
        ':expiresAt': keptUntil(month),
        ...Object.fromEntries(
          counters.map(([, some], index) => [`:c${index}`, some.reduce((sum, { by }) => sum + by, 0)]),
        ),
      },
    },
  };
};

/** Adds those counts of a month that were not added before; each failed condition names one that was. */
const countNew = async (table: Table, counts: readonly Marked[], now: Date): Promise<readonly Marked[]> => {
  const [first] = counts;
  if (first === undefined) return [];
  const expiresAt = expiresAfterDays(epochSeconds(now), MARKED_DAYS);
  const counted = await transact(table, [
    ...counts.map(({ mark }) => putAbsent(table, { ...mark, expiresAt })),
    addToCounter(table, counts, first),
  ]);
  if (counted.ok) return counts;
  return countNew(
    table,
    counts.filter((_, index) => !counted.failed.has(index)),
    now,
  );
};

const raise = (_: unknown, fault: unknown): never => {
  throw fault;
};

/** Counts messages and their prices, each once, however often a change is delivered. */
export const createMessageCountStore = (table: Table) => ({
  /**
   * Adds the counts that were not added before, up to 99 of a month in one transaction; returns those. `onUncounted` is
   * called with the counts of a transaction that failed; without it, the fault is thrown.
   */
  countMessages: async (
    counts: readonly CountedOnce[],
    now: Date,
    onUncounted: (uncounted: readonly CountedOnce[], fault: unknown) => void = raise,
  ): Promise<readonly CountedOnce[]> => {
    const months = Map.groupBy(
      distinct(counts.map(withMark)),
      ({ message: { channel }, month }) => `${channel} ${month}`,
    );
    const counted: CountedOnce[] = [];
    for (const some of months.values())
      for (const part of chunk(some, MAX_MARKS))
        try {
          counted.push(...(await countNew(table, part, now)));
        } catch (fault) {
          onUncounted(part, fault);
        }
    return counted;
  },
});
