import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { keptUntil } from '../../domain/usage.ts';
import type { UsageFigures } from '../../domain/usage-view.ts';
import { findItem, readBatch } from '../dynamo/batch-read.ts';
import type { Table } from '../dynamo/client.ts';
import { writeConditionally } from '../dynamo/conditional-write.ts';
import { CountItem } from './member-items.ts';
import {
  DEPLOYMENT,
  memberCountKeys,
  messageCountKeys,
  thresholdKey,
  thresholdsRange,
  type UsageScope,
} from './usage-keys.ts';

/** That a channel had so many monthly active users. */
export const ThresholdItem = z.object({
  threshold: z.int().positive(),
  mau: z.int().positive(),
  /** Epoch milliseconds. */
  reachedAt: z.int().positive(),
});
export type ThresholdItem = z.infer<typeof ThresholdItem>;

const MessageCounts = z.record(z.string(), z.unknown());

const sumOf = (items: readonly Record<string, unknown>[], scope: UsageScope): number =>
  memberCountKeys(scope)
    .map((key) => CountItem.parse(findItem(items, key) ?? {}).members)
    .reduce((sum, members) => sum + members, 0);

const addUp = (items: readonly Record<string, unknown>[], scope: UsageScope): Readonly<Record<string, number>> => {
  const sums: Record<string, number> = {};
  for (const key of messageCountKeys(scope))
    for (const [counter, count] of Object.entries(MessageCounts.parse(findItem(items, key) ?? {})))
      if (counter.includes('.') && typeof count === 'number') sums[counter] = (sums[counter] ?? 0) + count;
  return sums;
};

const readThresholds = async (
  { documents, tableName }: Table,
  scope: UsageScope,
): Promise<readonly ThresholdItem[]> => {
  const { pk, prefix } = thresholdsRange(scope);
  const { Items: items = [] } = await documents.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': pk, ':prefix': prefix },
    }),
  );
  return items.map((item) => ThresholdItem.parse(item));
};

/** Reads what was counted. */
export const createUsageStore = (table: Table) => ({
  /** The usage of a channel in a month: a read of the counters and one of the thresholds. */
  readUsage: async (scope: UsageScope): Promise<UsageFigures> => {
    const all = { channel: DEPLOYMENT, month: scope.month };
    const keys = [...memberCountKeys(scope), ...memberCountKeys(all), ...messageCountKeys(scope)];
    const [items, thresholds] = await Promise.all([readBatch(table, keys), readThresholds(table, scope)]);
    return { mau: sumOf(items, scope), deploymentMau: sumOf(items, all), counters: addUp(items, scope), thresholds };
  },

  /**
   * How many monthly active users the counters say, and which thresholds they have passed that nobody has noted. One read,
   * strongly consistent: the last to count sees all.
   */
  readPassed: async (
    scope: UsageScope,
    thresholds: readonly number[],
  ): Promise<{ readonly mau: number; readonly passed: readonly number[] }> => {
    const marks = thresholds.map((threshold) => thresholdKey(scope, threshold));
    const items = await readBatch(table, [...memberCountKeys(scope), ...marks]);
    const mau = sumOf(items, scope);
    const isNoted = (threshold: number) => findItem(items, thresholdKey(scope, threshold)) !== undefined;
    return { mau, passed: thresholds.filter((threshold) => threshold <= mau && !isNoted(threshold)) };
  },

  /** Notes once that a threshold was reached, which the stream tells others; false when it had been noted. */
  markThreshold: async (scope: UsageScope, { threshold, mau, reachedAt }: ThresholdItem): Promise<boolean> => {
    const marked = await writeConditionally(() =>
      table.documents.send(
        new PutCommand({
          TableName: table.tableName,
          Item: { ...thresholdKey(scope, threshold), threshold, mau, reachedAt, expiresAt: keptUntil(scope.month) },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    );
    return marked.ok;
  },
});
