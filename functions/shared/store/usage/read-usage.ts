import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { keptUntil } from '../../domain/usage.ts';
import type { UsageFigures } from '../../domain/usage-view.ts';
import type { Table } from '../dynamo/client.ts';
import { putOnce } from '../dynamo/conditional-write.ts';
import { findItem, type Item, readBatch } from '../dynamo/read-items.ts';
import { CountItem } from './member-items.ts';
import {
  DEPLOYMENT,
  memberCountKeys,
  messageCountKeys,
  thresholdKey,
  thresholdsRange,
  type UsageScope,
} from './usage-keys.ts';

/** A number of monthly active users that a channel has reached. */
export const ThresholdItem = z.object({
  threshold: z.int().positive(),
  mau: z.int().positive(),
  /** Epoch milliseconds. */
  reachedAt: z.int().positive(),
});
export type ThresholdItem = z.infer<typeof ThresholdItem>;

const MessageCounts = z.record(z.string(), z.unknown());

const sumMembers = (items: readonly Item[], scope: UsageScope): number =>
  memberCountKeys(scope)
    .map((key) => CountItem.parse(findItem(items, key) ?? {}).members)
    .reduce((sum, members) => sum + members, 0);

const sumMessageCounts = (items: readonly Item[], scope: UsageScope): Readonly<Record<string, number>> => {
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

/** Reads the usage of a month and marks the thresholds that it has reached. */
export const createUsageStore = (table: Table) => ({
  /** Reads the usage of a channel in a month: the counters in one request, the thresholds in another. */
  readUsage: async (scope: UsageScope): Promise<UsageFigures> => {
    const all = { channel: DEPLOYMENT, month: scope.month };
    const keys = [...memberCountKeys(scope), ...memberCountKeys(all), ...messageCountKeys(scope)];
    const [items, thresholds] = await Promise.all([readBatch(table, keys), readThresholds(table, scope)]);
    return {
      mau: sumMembers(items, scope),
      deploymentMau: sumMembers(items, all),
      counters: sumMessageCounts(items, scope),
      thresholds,
    };
  },

  /**
   * Reads the number of monthly active users and the thresholds that it has reached and that are not marked yet. One
   * strongly consistent read, so that of concurrent counters at least the last one finds every threshold.
   */
  readPassed: async (
    scope: UsageScope,
    thresholds: readonly number[],
  ): Promise<{ readonly mau: number; readonly passed: readonly number[] }> => {
    const marks = thresholds.map((threshold) => thresholdKey(scope, threshold));
    const items = await readBatch(table, [...memberCountKeys(scope), ...marks]);
    const mau = sumMembers(items, scope);
    const isMarked = (threshold: number) => findItem(items, thresholdKey(scope, threshold)) !== undefined;
    return { mau, passed: thresholds.filter((threshold) => threshold <= mau && !isMarked(threshold)) };
  },

  /** Marks a threshold as reached, which the stream publishes; false when it is marked already. */
  markThreshold: async (scope: UsageScope, { threshold, mau, reachedAt }: ThresholdItem): Promise<boolean> => {
    const expiresAt = keptUntil(scope.month);
    const mark = { ...thresholdKey(scope, threshold), threshold, mau, reachedAt, expiresAt };
    return (await putOnce(table, mark)).ok;
  },
});
