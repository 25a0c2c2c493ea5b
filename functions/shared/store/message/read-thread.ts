import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { CustomerKey } from '../../domain/customer.ts';
import type { Table } from '../dynamo/client.ts';
import { readItem } from '../dynamo/read-items.ts';
import { MessageItem, OutboundItem, SendItem } from '../items.ts';
import { type ItemKey, MESSAGE_PREFIX, messageNameOf, sendKey, sessionKey } from '../keys.ts';
import { isMessageId } from './message-reference.ts';

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

/** An outbound message and its thread. */
export interface FoundMessage {
  readonly key: ItemKey;
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly message: OutboundItem;
}

/** Reads messages. */
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

  /** Finds an outbound message by its id; strongly consistent, so that a message that was just sent is found. */
  findMessage: async (id: string): Promise<FoundMessage | undefined> => {
    if (!isMessageId(id)) return undefined;
    const claim = SendItem.optional().parse(await readItem(table, sendKey(id)));
    if (claim === undefined) return undefined;
    const key = { pk: claim.messagePk, sk: claim.messageSk };
    const message = OutboundItem.optional().parse(await readItem(table, key));
    if (message === undefined) return undefined;
    const { channel, customer } = messageNameOf(key);
    return { key, channel, customer, message };
  },
});
