import { createHash } from 'node:crypto';
import { keptUntil, type UsageCount } from '../../domain/usage.ts';
import { epochSeconds } from '../../domain/window.ts';
import { chunk } from '../dynamo/batch-read.ts';
import type { Table } from '../dynamo/client.ts';
import { transact } from '../dynamo/transaction.ts';
import { type ItemKey, type MessageName, messageKey } from '../keys.ts';
import { countedKey, messageCountKeys, type UsageScope } from './usage-keys.ts';

/** What one transaction takes, beside the counter. */
const MAX_TALLIES = 99;

/** For how long a repeat is recognised: the stream keeps its records for a day. */
const REMEMBERED_SECONDS = 3 * 86_400;

/** Something that is counted once in its month. */
export interface CountedOnce extends UsageCount {
  readonly message: MessageName;
}

interface Marked extends CountedOnce {
  readonly mark: ItemKey;
}

/** A mark names what was counted by a hash, so that nobody is found by it. */
const withMark = (tally: CountedOnce): Marked => {
  const { pk, sk } = messageKey(tally.message);
  const id = createHash('sha256')
    .update(JSON.stringify([pk, sk, tally.what]))
    .digest('base64url');
  return { ...tally, mark: countedKey(id) };
};

const byMark = (tallies: readonly Marked[]): readonly Marked[] => [
  ...new Map(tallies.map((tally) => [tally.mark.pk, tally])).values(),
];

/** Any of the counters does: they are added up when they are read. */
const anyCounter = (scope: UsageScope): ItemKey => {
  const keys = messageCountKeys(scope);
  const key = keys[Math.floor(Math.random() * keys.length)];
  if (key === undefined) throw new Error('a month has counters');
  return key;
};

const countUp = ({ tableName }: Table, tallies: readonly Marked[], { message: { channel }, month }: CountedOnce) => {
  const counters = [...Map.groupBy(tallies, ({ counter }) => counter)];
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

/** Counts those of a month that were not counted before; each failed condition names one that was. */
const countNew = async (table: Table, tallies: readonly Marked[], now: Date): Promise<readonly Marked[]> => {
  const [first] = tallies;
  if (first === undefined) return [];
  const expiresAt = epochSeconds(now) + REMEMBERED_SECONDS;
  const counted = await transact(table, [
    ...tallies.map(({ mark }) => ({
      Put: {
        TableName: table.tableName,
        Item: { ...mark, expiresAt },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    })),
    countUp(table, tallies, first),
  ]);
  if (counted.ok) return tallies;
  return countNew(
    table,
    tallies.filter((_, index) => !counted.failed.has(index)),
    now,
  );
};

/** Counts messages and what they cost, each once, whatever is delivered again. */
export const createMessageCountStore = (table: Table) => ({
  /** Counts what was not counted before: one transaction for up to 99 of a month; answers those. */
  countMessages: async (tallies: readonly CountedOnce[], now: Date): Promise<readonly CountedOnce[]> => {
    const months = Map.groupBy(
      byMark(tallies.map(withMark)),
      ({ message: { channel }, month }) => `${channel} ${month}`,
    );
    const counted: CountedOnce[] = [];
    for (const some of months.values())
      for (const part of chunk(some, MAX_TALLIES)) counted.push(...(await countNew(table, part, now)));
    return counted;
  },
});
