import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from '../dynamo/client.ts';
import { chunk } from '../dynamo/read-items.ts';
import { SESSIONS_TABLE } from '../table.ts';
import { type DueSpan, dueBuckets, dueShards } from './due-entry.ts';

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

const OldEntry = z.object({ pk: z.string(), sk: z.string() });

const readBucket = async ({ documents, tableName }: Table, bucket: string, dueAt: number) => {
  const entries: DueEntry[] = [];
  const query = {
    TableName: tableName,
    IndexName: SESSIONS_TABLE.byDue.indexName,
    KeyConditionExpression: 'dueBucket = :bucket',
    ExpressionAttributeValues: { ':bucket': bucket },
  };
  for await (const { Items = [] } of paginateQuery({ client: documents }, query))
    entries.push(...Items.map((item) => ({ ...OldEntry.parse(item), dueAt })));
  return entries;
};

/** Buckets that are read at the same time, each in four shards. */
const BUCKETS_AT_ONCE = 8;

/** The first entries of the index of the release before, whose second is that of their bucket: early by five minutes at most. */
const readOld = async (table: Table, span: DueSpan, limit: number) => {
  const entries: DueEntry[] = [];
  for (const some of chunk(dueBuckets(span), BUCKETS_AT_ONCE)) {
    const read = some.flatMap(({ start, names }) => names.map((name) => readBucket(table, name, start)));
    entries.push(...(await Promise.all(read)).flat());
    if (entries.length >= limit) return { entries, completeTo: Math.min(span.to, some.at(-1)?.end ?? span.to) };
  }
  return { entries, completeTo: span.to };
};

/** Reads the first entries of a span, about `limit` of each shard, from both indexes: an item can be in both. */
export const readDuePage = async (table: Table, span: DueSpan, limit: number): Promise<DuePage> => {
  const newShards = Promise.all(spansOf(span).map((one) => readShard(table, one, limit)));
  const shards = [await readOld(table, span, limit), ...(await newShards)];
  const completeTo = Math.min(span.to, ...shards.map((shard) => shard.completeTo));
  const entries = shards.flatMap((shard) => shard.entries).filter(({ dueAt }) => dueAt <= completeTo);
  return { entries: entries.toSorted((one, other) => (isBefore(one, other) ? -1 : 1)), completeTo };
};

/** Reads every entry of a span. */
export const readDue = async (table: Table, span: DueSpan): Promise<readonly DueEntry[]> =>
  (await readDuePage(table, span, Number.POSITIVE_INFINITY)).entries;
