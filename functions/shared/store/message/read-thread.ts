import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { CustomerKey } from '../../domain/customer.ts';
import type { Table } from '../dynamo/client.ts';
import { MessageItem } from '../items.ts';
import { MESSAGE_PREFIX, sessionKey } from '../keys.ts';

export interface ThreadQuery {
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly limit: number;
  /** Sort key of the last item of the previous page. */
  readonly after?: string | undefined;
}

export interface ThreadPage {
  readonly messages: readonly MessageItem[];
  readonly next: string | undefined;
}

/** Reads threads. */
export const createThreadStore = (table: Table) => ({
  /** Reads one page of a customer's thread, newest first; eventually consistent, because nothing is decided on it. */
  readThread: async ({ channel, customer, limit, after }: ThreadQuery): Promise<ThreadPage> => {
    const { pk } = sessionKey(channel, customer);
    const page = await table.documents.send(
      new QueryCommand({
        TableName: table.tableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': pk, ':prefix': MESSAGE_PREFIX },
        ScanIndexForward: false,
        Limit: limit,
        ...(after === undefined ? {} : { ExclusiveStartKey: { pk, sk: after } }),
      }),
    );
    const next: unknown = page.LastEvaluatedKey?.['sk'];
    return {
      messages: (page.Items ?? []).map((item) => MessageItem.parse(item)),
      next: typeof next === 'string' ? next : undefined,
    };
  },
});
