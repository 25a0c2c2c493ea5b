import { paginateQuery, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from '../dynamo/client.ts';
import { SESSIONS_TABLE } from '../table.ts';

/** An entry of the `byDue` index, which is eventually consistent: the item may have left the bucket a moment ago. */
const DueEntry = z.object({ pk: z.string(), sk: z.string(), dueBucket: z.string() });
export type DueEntry = z.infer<typeof DueEntry>;

const queryOf = (TableName: string, bucket: string) => ({
  TableName,
  IndexName: SESSIONS_TABLE.byDue.indexName,
  KeyConditionExpression: 'dueBucket = :bucket',
  ExpressionAttributeValues: { ':bucket': bucket },
});

/** Reads every entry of a bucket. */
export const readBucket = async ({ documents, tableName }: Table, bucket: string): Promise<readonly DueEntry[]> => {
  const found: DueEntry[] = [];
  for await (const { Items = [] } of paginateQuery({ client: documents }, queryOf(tableName, bucket)))
    found.push(...Items.map((item) => DueEntry.parse(item)));
  return found;
};

/** Counts the entries of a bucket. */
export const countBucket = async ({ documents, tableName }: Table, bucket: string): Promise<number> => {
  let count = 0;
  const query = { ...queryOf(tableName, bucket), Select: 'COUNT' } as const;
  for await (const { Count = 0 } of paginateQuery({ client: documents }, query)) count += Count;
  return count;
};

export interface BucketPage {
  readonly limit: number;
  /** The partition key after which the page begins. */
  readonly after: string | undefined;
}

/** Reads one page of a bucket, in the order of the index. */
export const readBucketPage = async (
  { documents, tableName }: Table,
  bucket: string,
  { limit, after }: BucketPage,
): Promise<readonly DueEntry[]> => {
  const query = queryOf(tableName, bucket);
  const rest = {
    KeyConditionExpression: `${query.KeyConditionExpression} AND pk > :after`,
    ExpressionAttributeValues: { ...query.ExpressionAttributeValues, ':after': after },
  };
  const page = await documents.send(new QueryCommand({ ...query, ...(after === undefined ? {} : rest), Limit: limit }));
  return (page.Items ?? []).map((item) => DueEntry.parse(item));
};
