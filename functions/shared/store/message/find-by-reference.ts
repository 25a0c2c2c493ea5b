import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import * as z from 'zod';
import type { Table } from '../dynamo/client.ts';
import { referenceKey, referencePartition } from '../keys.ts';
import { createFindMessageStore, type FoundMessage } from './find-message.ts';

export interface ReferenceQuery {
  readonly channel: string;
  readonly clientReference: string;
  readonly limit: number;
  /** The id that ended the previous page. */
  readonly after?: string | undefined;
}

export interface FoundPage {
  readonly messages: readonly FoundMessage[];
  readonly next: string | undefined;
}

const ReferenceItem = z.object({ sk: z.string() });

/** Parallel reads of messages. */
const CONCURRENCY = 16;

/** Finds outbound messages by the reference of the caller. */
export const createReferenceStore = (table: Table) => {
  const { findMessage } = createFindMessageStore(table);
  return {
    /** Reads one page, in the order of the messages' ids; strongly consistent, as the claim wrote it. */
    findByReference: async ({ channel, clientReference, limit, after }: ReferenceQuery): Promise<FoundPage> => {
      const { Items = [], LastEvaluatedKey } = await table.documents.send(
        new QueryCommand({
          TableName: table.tableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': referencePartition(channel, clientReference) },
          ExclusiveStartKey:
            after === undefined ? undefined : { ...referenceKey({ channel, clientReference, id: after }) },
          ConsistentRead: true,
          Limit: limit,
        }),
      );
      const ids = Items.map((item) => ReferenceItem.parse(item).sk);
      const found = await pMap(ids, findMessage, { concurrency: CONCURRENCY });
      // A key that was released may have been used again with another reference.
      const messages = found.filter((message) => message?.message.clientReference === clientReference);
      return {
        messages: messages.filter((message) => message !== undefined),
        next: LastEvaluatedKey === undefined ? undefined : ids.at(-1),
      };
    },
  };
};
