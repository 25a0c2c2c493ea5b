import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { Table } from '../dynamo/client.ts';
import type { Item } from '../dynamo/read-items.ts';
import { type ItemKind, kindOf, secondOf, sessionKey } from '../keys.ts';
import { hasNoEnd, type NamePeriod } from './names-of.ts';
import { preserveFacts } from './preserve-facts.ts';
import { RemovableItem, removeItem, removeWithoutCustomer } from './remove-item.ts';

/** Items per query: the time left is checked before each page. */
const PAGE = 100;

/** Parallel deletes. */
const CONCURRENCY = 32;

export interface EmptyPeriod {
  readonly channel: string;
  readonly period: NamePeriod;
  readonly now: Date;
  /** Called before each page is removed; false ends the call. */
  readonly goOn: () => boolean;
  /** Whether customer and session are removed, and only what was recorded meanwhile is left. @default - everything is removed */
  readonly onlyLate?: boolean;
}

export interface Emptied {
  readonly empty: boolean;
  readonly kinds: readonly ItemKind[];
}

type Start = Readonly<Record<string, unknown>> | undefined;

const readPage = async ({ documents, tableName }: Table, { channel, period }: EmptyPeriod, start: Start) => {
  const { Items: items = [], LastEvaluatedKey: next } = await documents.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': sessionKey(channel, period.name).pk },
      ConsistentRead: true,
      Limit: PAGE,
      ExclusiveStartKey: start,
    }),
  );
  return { items, next };
};

/** Customer and session lead to the other names, and the customer holds an opt-out: they are removed last, together. */
const isLast = (sk: string): boolean => ['customers', 'sessions'].includes(kindOf(sk));

/** A message of a session is compared with the erased ones by the stream. */
const isOfSession = ({ window }: RemovableItem): boolean => window?.sessionId !== undefined;

const isWithin = (sk: string, { from, until }: NamePeriod): boolean => {
  const second = secondOf(sk);
  return second === undefined || (second >= from && second < until);
};

const removable = (
  page: readonly Item[],
  { period, onlyLate = false }: EmptyPeriod,
): readonly (Item & RemovableItem)[] =>
  page.flatMap((item) => {
    const parsed = { ...item, ...RemovableItem.parse(item) };
    const stays = isLast(parsed.sk) || !isWithin(parsed.sk, period) || (onlyLate && isOfSession(parsed));
    return stays ? [] : [parsed];
  });

/** Removes what is stored under a name in that time, all but customer and session, until nothing is left or the time is up. */
export const emptyPeriod = async (table: Table, request: EmptyPeriod): Promise<Emptied> => {
  const kinds: ItemKind[] = [];
  const isOwned = hasNoEnd(request.period);
  const remove = (item: RemovableItem) =>
    // A claim needs the customer, so that a send is of the one who was erased; anything else may be of one who has come back.
    request.onlyLate === true && item.direction !== 'outbound'
      ? removeWithoutCustomer(table, item)
      : removeItem(table, item);
  let start: Start;
  for (let removed = 0; ; ) {
    const { items, next } = await readPage(table, request, start);
    const some = removable(items, request);
    if (some.length > 0 && !request.goOn()) return { empty: false, kinds };
    // What is stored under a number that has another owner now would count for that one.
    if (isOwned) await preserveFacts(table, { ...request, customer: request.period.name }, some);
    for (const of of await pMap(some, remove, { concurrency: CONCURRENCY })) kinds.push(...of);
    removed += some.length;
    start = next;
    if (start !== undefined) continue;
    // What came meanwhile is found by one more pass; nothing late comes after the removal of the customer.
    if (removed === 0 || request.onlyLate === true) return { empty: true, kinds };
    removed = 0;
  }
};
