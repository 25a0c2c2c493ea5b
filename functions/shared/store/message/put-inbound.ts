import type { CustomerKey } from '../../domain/customer.ts';
import type { WindowLeft } from '../../domain/window.ts';
import type { Table } from '../dynamo/client.ts';
import { putOnce, updateConditionally } from '../dynamo/conditional-write.ts';
import { CHANGED_ITEMS, Contended, retryUnderContention } from '../dynamo/contention.ts';
import { readItem } from '../dynamo/read-items.ts';
import { itemExists, putAbsent, transact } from '../dynamo/transaction.ts';
import { MessageItem } from '../items.ts';
import { customerKey, erasedSessionKey, type ItemKey, sessionKey } from '../keys.ts';

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

const sessionOf = (message: MessageItem): string | undefined =>
  message.direction === 'inbound' ? message.window?.sessionId : undefined;

interface PutOfSession {
  readonly key: ItemKey;
  readonly item: object;
  readonly window: WindowLeft;
}

/**
 * Stores a message beside its session, once. One that is delivered again after the session beside which it is stored was
 * erased is of the present session from then on: the stream does not remove it with the erased one (R16).
 */
export const putMessageOfSession = (table: Table, { key, item, window }: PutOfSession): Promise<MessagePut> =>
  retryUnderContention<MessagePut>(CHANGED_ITEMS, async () => {
    const put = await putOnce(table, { ...key, ...item });
    if (put.ok) return NEW;
    const known = sessionOf(MessageItem.parse(put.item));
    if (known === undefined || known === window.sessionId) return storedBefore(put.item);
    if ((await readItem(table, erasedSessionKey(known))) === undefined) return storedBefore(put.item);
    const moved = await updateConditionally(table, key, {
      UpdateExpression: 'SET #window = :window',
      ConditionExpression: '#window.sessionId = :known',
      ExpressionAttributeNames: { '#window': 'window' },
      ExpressionAttributeValues: { ':window': window, ':known': known },
    });
    return moved.ok ? storedBefore(put.item) : new Contended('the message was removed with an erased session');
  });

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
