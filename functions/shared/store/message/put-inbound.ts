import type { CustomerKey } from '../../domain/customer.ts';
import type { Table } from '../dynamo/client.ts';
import { putOnce } from '../dynamo/conditional-write.ts';
import { itemExists, putAbsent, transact } from '../dynamo/transaction.ts';
import { MessageItem } from '../items.ts';
import { customerKey, type ItemKey, sessionKey } from '../keys.ts';

/** A redelivery has the second of the first arrival, where that is not the provider's. */
export interface MessagePut {
  readonly isNew: boolean;
  readonly countedAt: number | undefined;
}

const NEW: MessagePut = { isNew: true, countedAt: undefined };

/** A provider that gives a message the id and second of an echo contradicts itself: the first keeps its place. */
const storedBefore = (item: unknown): MessagePut => {
  const stored = MessageItem.parse(item);
  return { isNew: false, countedAt: stored.direction === 'inbound' ? stored.countedAt : undefined };
};

/** Stores a message once. */
export const putMessage = async (table: Table, key: ItemKey, item: object): Promise<MessagePut> => {
  const put = await putOnce(table, { ...key, ...item });
  return put.ok ? NEW : storedBefore(put.item);
};

export interface KnownCustomer {
  readonly channel: string;
  readonly customer: CustomerKey;
}

/**
 * Stores a message once while its customer is stored, whom an earlier write for the message has found or written. For the
 * rare messages whose session the stream cannot compare with the erased ones (R16).
 */
export const putMessageOfKnown = async (
  table: Table,
  { channel, customer }: KnownCustomer,
  item: ItemKey & object,
): Promise<MessagePut | 'erased'> => {
  for (const known of [customerKey(channel, customer), sessionKey(channel, customer)]) {
    const put = await transact(table, [itemExists(table, known), putAbsent(table, item)]);
    if (put.ok) return NEW;
    if (put.failed.has(1)) return storedBefore(put.failed.get(1));
  }
  return 'erased';
};
