import { type CustomerKey, isPhone } from '../../domain/customer.ts';
import { ownName } from '../../domain/names.ts';
import { DAY_SECONDS } from '../../domain/time.ts';
import { activeAt } from '../../domain/usage.ts';
import type { Table } from '../dynamo/client.ts';
import type { Item } from '../dynamo/read-items.ts';
import { MessageItem } from '../items.ts';
import { type Activity, activityOf } from '../usage/count-members.ts';
import { countActivities } from './count-active-customers.ts';
import { linkNames } from './link-names.ts';

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
    const activity = activityOf({ channel, customer }, message);
    return activity === undefined ? [] : [activity];
  });

/** Messages that cannot be parsed are removed all the same. */
const parseMessages = (page: readonly Item[]): readonly MessageItem[] =>
  page.flatMap((item) => {
    const { data } = MessageItem.safeParse(item);
    return data === undefined ? [] : [data];
  });

/** The other name in messages, and the first second of it: an earlier release linked it after the message was stored. */
const namesIn = (messages: readonly MessageItem[]): ReadonlyMap<CustomerKey, number> => {
  const found = new Map<CustomerKey, number>();
  for (const message of messages)
    if (message.direction !== 'outbound' && message.userId !== undefined && !found.has(message.userId))
      found.set(message.userId, Math.floor(message.at / 1000));
  return found;
};

/**
 * Before a page is removed, counts the customer by its messages and links the names that only they name, so that a
 * repeated erasure finds those too.
 */
export const preserveFacts = async (table: Table, of: MessagesOf, page: readonly Item[]): Promise<void> => {
  const messages = parseMessages(page);
  await countActivities(table, activitiesIn(messages, of));
  if (!isPhone(of.customer)) return;
  for (const [userId, at] of namesIn(messages)) {
    const names = [ownName(of.customer), ownName(userId)];
    await linkNames(table, { link: { channel: of.channel, names, at, learnedFrom: 'message' }, now: of.now });
  }
};
