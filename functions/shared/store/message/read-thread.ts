import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { CustomerKey } from '../../domain/customer.ts';
import type { Table } from '../dynamo/client.ts';
import { MessageItem, OutboundItem, SendItem } from '../items.ts';
import { type ItemKey, isMessageId, MESSAGE_PREFIX, messageNameOf, sendKey, sessionKey } from '../keys.ts';

export interface ThreadQuery {
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly limit: number;
  /** Sort key of the last item of the page before. */
  readonly after?: string | undefined;
}

export interface ThreadPage {
  readonly messages: readonly MessageItem[];
  readonly next: string | undefined;
}

/** An outbound message and the thread it stands in. */
export interface FoundMessage {
  readonly key: ItemKey;
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly message: OutboundItem;
}

/** Reads messages back. */
export const createThreadStore = ({ documents, tableName }: Table) => ({
  /** One page of a customer's thread, newest first; eventually consistent, since a thread is for people to read. */
  readThread: async ({ channel, customer, limit, after }: ThreadQuery): Promise<ThreadPage> => {
    const { pk } = sessionKey(channel, customer);
    const page = await documents.send(
      new QueryCommand({
        TableName: tableName,
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

  /** Finds an outbound message by its id; strongly consistent, so that a message just sent is found. */
  findMessage: async (id: string): Promise<FoundMessage | undefined> => {
    if (!isMessageId(id)) return undefined;
    const claim = await documents.send(
      new GetCommand({ TableName: tableName, Key: sendKey(id), ConsistentRead: true }),
    );
    if (claim.Item === undefined) return undefined;
    const { messagePk: pk, messageSk: sk } = SendItem.parse(claim.Item);
    const key = { pk, sk };
    const record = await documents.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
    if (record.Item === undefined) return undefined;
    const { channel, customer } = messageNameOf(key);
    return { key, channel, customer, message: OutboundItem.parse(record.Item) };
  },
});
