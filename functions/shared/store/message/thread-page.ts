import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { CustomerKey } from '../../domain/customer.ts';
import type { KnownName } from '../../domain/names.ts';
import { readRecord } from '../customer/canonical-name.ts';
import { type NamePeriod, periodsOf } from '../customer/names-of.ts';
import type { Table } from '../dynamo/client.ts';
import { MessageItem } from '../items.ts';
import { LAST_MS, messageRange } from '../keys.ts';

export interface ThreadQuery {
  readonly channel: string;
  /** Any name of the customer. */
  readonly customer: CustomerKey;
  readonly limit: number;
  /** Epoch milliseconds, both included. @default - the whole thread */
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
  /** The {@link ThreadPage.next} of the previous page. */
  readonly after?: string | undefined;
}

/** A message, and the name under which it is stored. */
export interface StoredMessage {
  readonly name: CustomerKey;
  readonly message: MessageItem;
}

export interface StoredThread {
  /** The canonical name. */
  readonly customer: CustomerKey;
  /** Every name, once there are several. */
  readonly names: readonly KnownName[];
  readonly stored: readonly StoredMessage[];
  readonly next: string | undefined;
}

/** A place in the order of a thread: the message's time, its arrival, and its place in the webhook that brought it. */
type Place = readonly [atMs: number, arrivedAtMs: number, position: number, id: string];

const placeOf = (message: MessageItem): Place =>
  message.direction === 'outbound'
    ? [message.at, message.at, 0, message.id]
    : [message.at, message.receivedAt, message.position ?? 0, message.id];

const compare = (one: Place, other: Place): number => {
  const [id, otherId] = [one[3], other[3]];
  const byId = id < otherId ? -1 : id > otherId ? 1 : 0;
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2] || byId;
};

/** The text form of a {@link Place}. */
export const THREAD_PLACE = /^MSG#(\d{1,16})#(\d{1,16})#(\d{1,16})#(.+)$/s;

const writePlace = (place: Place): string => ['MSG', ...place].join('#');

/** The epoch millisecond in which a page ended. */
export const timeOfPlace = (text: string): number => readPlace(text)[0];

const readPlace = (text: string): Place => {
  const [, atMs, arrivedAtMs, position, id] = THREAD_PLACE.exec(text) ?? [];
  if (id === undefined) throw new Error('a place in a thread names a message');
  return [Number(atMs), Number(arrivedAtMs), Number(position), id];
};

/** More than the page: the messages of the page's last millisecond are seldom more. */
const AHEAD = 4;

type Start = Readonly<Record<string, unknown>> | undefined;

interface PartQuery extends Omit<ThreadQuery, 'customer'> {
  readonly period: NamePeriod;
}

/** Newest first; a page begins again with the first message of the millisecond in which the previous one ended. */
const query = async (
  { documents, tableName }: Table,
  { channel, period, limit, sinceMs = 0, untilMs: requested = LAST_MS }: PartQuery,
  from: { until: Place | undefined; start: Start },
) => {
  const beforeEnd = period.until * 1000 - 1;
  const untilMs = Math.min(from.until?.[0] ?? beforeEnd, beforeEnd, requested);
  const fromMs = Math.max(period.from * 1000, sinceMs);
  // DynamoDB refuses a range whose end is before its beginning.
  if (fromMs > untilMs) return { Items: [], LastEvaluatedKey: undefined };
  const { pk, first, last } = messageRange(channel, period.name, { fromMs, untilMs });
  return documents.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: { ':pk': pk, ':first': first, ':last': last },
      ScanIndexForward: false,
      Limit: limit + AHEAD,
      ExclusiveStartKey: from.start,
    }),
  );
};

/** Whether every message of the millisecond at which the page ends has been read. */
const isComplete = (found: readonly StoredMessage[], limit: number): boolean =>
  found.length > limit && found.at(-1)?.message.at !== found[limit - 1]?.message.at;

/** One page of what is stored under one name; further queries only where its last millisecond has many messages, or they are large. */
const readPart = async (table: Table, part: PartQuery) => {
  const { limit, after } = part;
  const until = after === undefined ? undefined : readPlace(after);
  const { name } = part.period;
  const found: StoredMessage[] = [];
  let start: Start;
  do {
    const page = await query(table, part, { until, start });
    const messages = (page.Items ?? []).map((item) => ({ name, message: MessageItem.parse(item) }));
    found.push(...messages.filter(({ message }) => until === undefined || compare(placeOf(message), until) < 0));
    start = page.LastEvaluatedKey;
  } while (start !== undefined && !isComplete(found, limit));
  return { found, hasMore: start !== undefined };
};

/**
 * Reads one page of the messages under all names of a customer, as one thread. Each name's next page is read from the same
 * place on, so that the newest of all are among them.
 */
export const readThread = async (table: Table, { customer: name, ...page }: ThreadQuery): Promise<StoredThread> => {
  const { channel, limit } = page;
  const { customer, record } = await readRecord(table, channel, name);
  const { names = [] } = record;
  const parts = await Promise.all(periodsOf(customer, names).map((period) => readPart(table, { ...page, period })));
  const sorted = parts
    .flatMap(({ found }) => found)
    .toSorted((one, other) => compare(placeOf(other.message), placeOf(one.message)));
  const stored = sorted.slice(0, limit);
  const last = stored.at(-1)?.message;
  const hasMore = sorted.length > limit || parts.some((part) => part.hasMore);
  return { customer, names, stored, next: hasMore && last !== undefined ? writePlace(placeOf(last)) : undefined };
};
