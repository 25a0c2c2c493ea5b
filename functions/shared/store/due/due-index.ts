import { paginateQuery, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from '../dynamo/client.ts';
import { SESSIONS_TABLE } from '../table.ts';

/** What the index holds of an item: where it stands, or stood a moment ago. */
const DueEntry = z.object({ pk: z.string(), sk: z.string(), dueBucket: z.string() });
export type DueEntry = z.infer<typeof DueEntry>;

const ofBucket = (TableName: string, bucket: string) => ({
  TableName,
  IndexName: SESSIONS_TABLE.byDue.indexName,
  KeyConditionExpression: 'dueBucket = :bucket',
  ExpressionAttributeValues: { ':bucket': bucket },
});

/** Everything that stands in a bucket. */
export const entriesIn = async ({ documents, tableName }: Table, bucket: string): Promise<readonly DueEntry[]> => {
  const found: DueEntry[] = [];
  for await (const { Items = [] } of paginateQuery({ client: documents }, ofBucket(tableName, bucket)))
    found.push(...Items.map((item) => DueEntry.parse(item)));
  return found;
};

/** How many stand in a bucket. */
export const countEntries = async ({ documents, tableName }: Table, bucket: string): Promise<number> => {
  let count = 0;
  const query = { ...ofBucket(tableName, bucket), Select: 'COUNT' } as const;
  for await (const { Count = 0 } of paginateQuery({ client: documents }, query)) count += Count;
  return count;
};

/** How much of a bucket is asked for. */
export interface Part {
  readonly limit: number;
  /** Only what stands after this partition key. */
  readonly after: string | undefined;
}

/** The first of a bucket, or the first after a place in it, in the order of the index. */
export const firstEntries = async (
  { documents, tableName }: Table,
  bucket: string,
  { limit, after }: Part,
): Promise<readonly DueEntry[]> => {
  const whole = ofBucket(tableName, bucket);
  const rest = {
    KeyConditionExpression: `${whole.KeyConditionExpression} AND pk > :after`,
    ExpressionAttributeValues: { ...whole.ExpressionAttributeValues, ':after': after },
  };
  const page = await documents.send(new QueryCommand({ ...whole, ...(after === undefined ? {} : rest), Limit: limit }));
  return (page.Items ?? []).map((item) => DueEntry.parse(item));
};
