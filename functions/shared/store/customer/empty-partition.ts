import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { CustomerKey } from '../../domain/customer.ts';
import type { Table } from '../dynamo/client.ts';
import type { Item } from '../dynamo/read-items.ts';
import { type ItemKind, kindOf, sessionKey } from '../keys.ts';
import { type MessagesOf, preserveFacts } from './preserve-facts.ts';
import { RemovableItem, removeItem } from './remove-item.ts';

/** Items per query: the time left is checked before each page. */
const PAGE = 100;

/** Parallel deletes. */
const CONCURRENCY = 32;

export interface EmptyPartition extends MessagesOf {
  /** `all_but_identities` leaves the items that lead to the customer's other identities. */
  readonly depth: 'all_but_identities' | 'all';
  /** Called before each page is removed; false ends the call. */
  readonly goOn: () => boolean;
}

export interface Emptied {
  readonly empty: boolean;
  readonly kinds: readonly ItemKind[];
  /** Other identities of the customer in the removed items. */
  readonly identities: readonly CustomerKey[];
}

const readPage = async ({ documents, tableName }: Table, pk: string): Promise<readonly Item[]> => {
  const { Items: items = [] } = await documents.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
      ConsistentRead: true,
      Limit: PAGE,
    }),
  );
  return items;
};

/** Customer and session lead to the other identities, and the customer holds an opt-out: they are removed last. */
const isLast = ({ sk }: RemovableItem): boolean => ['customers', 'sessions'].includes(kindOf(sk));

/** Removes page after page from the front, until nothing is left to that depth or the time is up. */
export const emptyPartition = async (table: Table, request: EmptyPartition): Promise<Emptied> => {
  const kinds: ItemKind[] = [];
  const identities: CustomerKey[] = [];
  for (;;) {
    const page = await readPage(table, sessionKey(request.channel, request.customer).pk);
    const items = page.map((item) => RemovableItem.parse(item));
    const first = items.filter((item) => !isLast(item));
    const next = first.length === 0 && request.depth === 'all' ? items : first;
    if (next.length === 0) return { empty: true, kinds, identities };
    if (!request.goOn()) return { empty: false, kinds, identities };
    identities.push(...(await preserveFacts(table, request, page)));
    const removed = await pMap(next, (item) => removeItem(table, item, request.now), { concurrency: CONCURRENCY });
    kinds.push(...removed.flat());
  }
};
