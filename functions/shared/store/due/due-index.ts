import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from '../dynamo/client.ts';
import { SESSIONS_TABLE } from '../table.ts';
import { type DueSpan, dueShards } from './due-entry.ts';

/** An entry of the `byDueAt` index, which is eventually consistent: the item may have moved a moment ago. */
const DueEntry = z.object({ pk: z.string(), sk: z.string(), dueAt: z.int() });
export type DueEntry = z.infer<typeof DueEntry>;

type ShardSpan = Pick<DueSpan, 'from' | 'to'> & { readonly shard: string };

const queryOf = (TableName: string, { shard, from, to }: ShardSpan) => ({
  TableName,
  IndexName: SESSIONS_TABLE.byDueAt.indexName,
  KeyConditionExpression: 'dueShard = :shard AND dueAt BETWEEN :from AND :to',
  ExpressionAttributeValues: { ':shard': shard, ':from': from, ':to': to },
});

const spansOf = (span: DueSpan): readonly ShardSpan[] =>
  span.from > span.to ? [] : dueShards(span).map((shard) => ({ ...span, shard }));

/** The first entries of a shard, at least `limit` where there are as many, and more than those of the first second. */
const readShard = async ({ documents, tableName }: Table, span: ShardSpan, limit: number) => {
  const entries: DueEntry[] = [];
  const query = { ...queryOf(tableName, span), ...(Number.isFinite(limit) ? { Limit: limit } : {}) };
  for await (const { Items = [], LastEvaluatedKey } of paginateQuery({ client: documents }, query)) {
    entries.push(...Items.map((item) => DueEntry.parse(item)));
    const last = entries.at(-1)?.dueAt ?? span.from;
    if (LastEvaluatedKey !== undefined && entries.length >= limit && last > span.from)
      return { entries, completeTo: last - 1 };
  }
  return { entries, completeTo: span.to };
};

const isBefore = (one: DueEntry, other: DueEntry): boolean =>
  one.dueAt === other.dueAt ? one.pk < other.pk : one.dueAt < other.dueAt;

export interface DuePage {
  /** In the order of the index: by second, then by partition key. */
  readonly entries: readonly DueEntry[];
  /** The second up to which these are all entries of the span. */
  readonly completeTo: number;
}

/** Reads the first entries of a span, about `limit` of each shard: one query for each. */
export const readDuePage = async (table: Table, span: DueSpan, limit: number): Promise<DuePage> => {
  const shards = await Promise.all(spansOf(span).map((one) => readShard(table, one, limit)));
  const completeTo = Math.min(span.to, ...shards.map((shard) => shard.completeTo));
  const entries = shards.flatMap((shard) => shard.entries).filter(({ dueAt }) => dueAt <= completeTo);
  return { entries: entries.toSorted((one, other) => (isBefore(one, other) ? -1 : 1)), completeTo };
};

/** Reads every entry of a span. */
export const readDue = async (table: Table, span: DueSpan): Promise<readonly DueEntry[]> =>
  (await readDuePage(table, span, Number.POSITIVE_INFINITY)).entries;

/** Counts the entries of a span. */
export const countDue = async ({ documents, tableName }: Table, span: DueSpan): Promise<number> => {
  const counts = await Promise.all(
    spansOf(span).map(async (one) => {
      let count = 0;
      const query = { ...queryOf(tableName, one), Select: 'COUNT' } as const;
      for await (const { Count = 0 } of paginateQuery({ client: documents }, query)) count += Count;
      return count;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
};
