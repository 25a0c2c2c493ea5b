import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteItemCommand, paginateScan, type WriteRequest } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { chunk } from '../../../functions/shared/store/dynamo/read-items.ts';

const text = z.string();

/** A value in DynamoDB's own JSON; the table has no binary ones. */
const AttributeValue = z.union([
  z.strictObject({ S: text }),
  z.strictObject({ N: text.regex(/^-?\d/) }),
  z.strictObject({ BOOL: z.boolean() }),
  z.strictObject({ NULL: z.literal(true) }),
  z.strictObject({ SS: z.array(text).min(1) }),
  z.strictObject({
    get L() {
      return z.array(AttributeValue);
    },
  }),
  z.strictObject({
    get M() {
      return z.record(text, AttributeValue);
    },
  }),
]);

/** An item of the table in DynamoDB's own JSON. */
export const SavedItem = z.intersection(
  z.object({ pk: z.strictObject({ S: text.min(1) }), sk: z.strictObject({ S: text.min(1) }) }),
  z.record(text, AttributeValue),
);
export type SavedItem = z.infer<typeof SavedItem>;

/** Items that one BatchWriteItem accepts. */
const MAX_WRITES = 25;

export interface TableItemsDeps {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}

/** Reads and replaces every item of the table. */
export const createTableItems = ({ client, tableName: TableName }: TableItemsDeps) => {
  const read = async (): Promise<SavedItem[]> => {
    const items: SavedItem[] = [];
    for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true }))
      items.push(...Items.map((item) => SavedItem.parse(item)));
    return items;
  };
  const write = async (requests: readonly WriteRequest[]): Promise<void> => {
    for (const some of chunk(requests, MAX_WRITES))
      for (let left: readonly WriteRequest[] = some; left.length > 0; ) {
        const { UnprocessedItems } = await client.send(
          new BatchWriteItemCommand({ RequestItems: { [TableName]: [...left] } }),
        );
        left = UnprocessedItems?.[TableName] ?? [];
      }
  };
  return {
    read,
    replace: async (items: readonly SavedItem[]): Promise<void> => {
      await write((await read()).map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } })));
      await write(items.map((Item) => ({ PutRequest: { Item } })));
    },
  };
};
