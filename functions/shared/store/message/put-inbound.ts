import type { CustomerKey } from '../../domain/customer.ts';
import type { WindowLeft } from '../../domain/window.ts';
import type { Table } from '../dynamo/client.ts';
import { putOnce } from '../dynamo/conditional-write.ts';
import { CHANGED_ITEMS, Contended, retryUnderContention } from '../dynamo/contention.ts';
import { readItem } from '../dynamo/read-items.ts';
import { itemExists, type Operation, putAbsent, transact } from '../dynamo/transaction.ts';
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

/** A message that is to be stored. */
export interface Put {
  readonly key: ItemKey;
  readonly item: object;
  /** As the message leaves it; absent where it changes none. */
  readonly window: WindowLeft | undefined;
}

const ANOTHER_WRITER = 'the message was removed with an erased session';

/**
 * What is stored of a message already. One that is delivered again after the session beside which it is stored was erased
 * has the present window from then on, while the guards hold: the stream does not remove it with the erased one (R16).
 */
const keepStored = async (
  table: Table,
  { key, window }: Put,
  { item, guards = [] }: { readonly item: unknown; readonly guards?: readonly Operation[] },
): Promise<MessagePut | Contended> => {
  const known = sessionOf(MessageItem.parse(item));
  if (known === undefined || window === undefined || known === window.sessionId) return storedBefore(item);
  if ((await readItem(table, erasedSessionKey(known))) === undefined) return storedBefore(item);
  const move = {
    Update: {
      TableName: table.tableName,
      Key: { ...key },
      UpdateExpression: 'SET #window = :window',
      ConditionExpression: '#window.sessionId = :known',
      ExpressionAttributeNames: { '#window': 'window' },
      ExpressionAttributeValues: { ':window': window, ':known': known },
    },
  };
  const moved = await transact(table, [...guards, move]);
  return moved.ok ? storedBefore(item) : new Contended(ANOTHER_WRITER);
};

/** Stores a message beside its session, once. */
export const putMessageOfSession = (table: Table, put: Put): Promise<MessagePut> =>
  retryUnderContention<MessagePut>(CHANGED_ITEMS, async () => {
    const first = await putOnce(table, { ...put.key, ...put.item });
    return first.ok ? NEW : keepStored(table, put, first);
  });

export interface KnownCustomer {
  readonly channel: string;
  readonly customer: CustomerKey;
}

/** Stores a message once while the item is stored; `undefined` where it is not. */
const putWhile = async (table: Table, known: ItemKey, put: Put): Promise<MessagePut | Contended | undefined> => {
  const guards = [itemExists(table, known)];
  const first = await transact(table, [...guards, putAbsent(table, { ...put.key, ...put.item })]);
  if (first.ok) return NEW;
  if (first.failed.has(0)) return first.failed.has(1) ? storedBefore(first.failed.get(1)) : undefined;
  return keepStored(table, put, { item: first.failed.get(1), guards });
};

/**
 * Stores a message once while its customer is stored, whom an earlier write for the message has found or written. For the
 * rare messages whose session the stream cannot compare with the erased ones (R16).
 */
export const putMessageOfKnown = (
  table: Table,
  { channel, customer }: KnownCustomer,
  put: Put,
): Promise<MessagePut | 'erased'> =>
  retryUnderContention<MessagePut | 'erased'>(CHANGED_ITEMS, async () => {
    const ofCustomer = await putWhile(table, customerKey(channel, customer), put);
    return ofCustomer ?? (await putWhile(table, sessionKey(channel, customer), put)) ?? 'erased';
  });
