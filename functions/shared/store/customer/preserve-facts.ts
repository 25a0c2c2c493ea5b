import type { CustomerKey } from '../../domain/customer.ts';
import { DAY_SECONDS } from '../../domain/time.ts';
import { activeAt, monthOf } from '../../domain/usage.ts';
import type { Table } from '../dynamo/client.ts';
import { updateConditionally } from '../dynamo/conditional-write.ts';
import type { Item } from '../dynamo/read-items.ts';
import { MessageItem } from '../items.ts';
import { customerKey, type ItemKey } from '../keys.ts';
import type { Activity } from '../usage/count-members.ts';
import { countActivities } from './count-active-customers.ts';

export interface MessagesOf {
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly now: Date;
}

/** How late the stream may count a message: younger ones are counted before their removal (R16). */
const UNCOUNTED_MS = 2 * DAY_SECONDS * 1000;

const isYoung = (message: MessageItem, activeAtMs: number, now: Date): boolean =>
  (message.direction === 'inbound' ? message.receivedAt : activeAtMs) >= now.getTime() - UNCOUNTED_MS;

const activitiesIn = (messages: readonly MessageItem[], { channel, customer, now }: MessagesOf) =>
  messages.flatMap((message): readonly Activity[] => {
    const at = activeAt(message);
    if (at === undefined || !isYoung(message, at, now)) return [];
    return [{ message: { channel, customer, atMs: message.at, id: message.id }, month: monthOf(at) }];
  });

/** Messages that cannot be parsed are removed all the same. */
const parseMessages = (page: readonly Item[]): readonly MessageItem[] =>
  page.flatMap((item) => {
    const { data } = MessageItem.safeParse(item);
    return data === undefined ? [] : [data];
  });

const recordUserId = (table: Table, key: ItemKey, userId: CustomerKey) =>
  updateConditionally(table, key, {
    UpdateExpression: 'SET userId = :userId',
    ConditionExpression: 'attribute_not_exists(userId)',
    ExpressionAttributeValues: { ':userId': userId },
  });

/**
 * Before a page is removed, counts the customer by its messages and records the other identities that only they name, so
 * that a repeated erasure finds those too; returns the identities.
 */
export const preserveFacts = async (
  table: Table,
  of: MessagesOf,
  page: readonly Item[],
): Promise<readonly CustomerKey[]> => {
  const messages = parseMessages(page);
  await countActivities(table, activitiesIn(messages, of), of.now);
  const userIds = new Set(
    messages.flatMap((message) => (message.direction === 'outbound' ? [] : (message.userId ?? []))),
  );
  for (const userId of userIds) await recordUserId(table, customerKey(of.channel, of.customer), userId);
  return [...userIds];
};
