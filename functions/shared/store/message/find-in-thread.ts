import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { CustomerKey } from '../../domain/customer.ts';
import { readRecord } from '../customer/canonical-name.ts';
import { type NamePeriod, periodsOf } from '../customer/names-of.ts';
import type { Table } from '../dynamo/client.ts';
import { MessageItem } from '../items.ts';
import { LAST_MS, messageRange } from '../keys.ts';

export interface ThreadMessage {
  readonly channel: string;
  /** Any name of the customer. */
  readonly customer: CustomerKey;
  /** The provider's id. */
  readonly id: string;
}

export interface FoundInThread {
  /** The name under which it is stored. */
  readonly customer: CustomerKey;
  readonly message: Exclude<MessageItem, { readonly direction: 'outbound' }>;
}

interface Part {
  readonly channel: string;
  readonly id: string;
  readonly period: NamePeriod;
}

/** The key of a message has its time, which its id does not say: what is stored under the name is read, newest first. */
const findUnder = async (
  { documents, tableName }: Table,
  { channel, id, period }: Part,
): Promise<FoundInThread | undefined> => {
  const { name: customer, from, until } = period;
  const untilMs = Math.min(until * 1000 - 1, LAST_MS);
  const { pk, first, last } = messageRange(channel, customer, { fromMs: from * 1000, untilMs });
  let start: Readonly<Record<string, unknown>> | undefined;
  do {
    const page = await documents.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
        FilterExpression: 'id = :id AND direction <> :outbound',
        ExpressionAttributeValues: { ':pk': pk, ':first': first, ':last': last, ':id': id, ':outbound': 'outbound' },
        ScanIndexForward: false,
        ConsistentRead: true,
        ExclusiveStartKey: start,
      }),
    );
    const message = MessageItem.optional().parse(page.Items?.[0]);
    if (message !== undefined && message.direction !== 'outbound') return { customer, message };
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return undefined;
};

/**
 * Finds a message of a thread that this service did not send, under whichever of the customer's names it is stored;
 * strongly consistent, so that a message whose event was just published is found.
 */
export const findInThread = async (
  table: Table,
  { channel, customer: name, id }: ThreadMessage,
): Promise<FoundInThread | undefined> => {
  const { customer, record } = await readRecord(table, channel, name);
  for (const period of periodsOf(customer, record.names ?? [])) {
    const found = await findUnder(table, { channel, id, period });
    if (found !== undefined) return found;
  }
  return undefined;
};

/** Finds messages in threads. */
export const createFindInThreadStore = (table: Table) => ({
  findInThread: (message: ThreadMessage) => findInThread(table, message),
});
