import { BatchGetCommand, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { ItemKey } from '../keys.ts';
import type { Table } from './client.ts';
import { BLOCKED_ITEMS, Contended, retryUnderContention } from './contention.ts';

export type Item = Readonly<Record<string, unknown>>;

/** Keys that one BatchGetItem accepts. */
export const MAX_KEYS = 100;

/** Each key once, in the order given: an index repeats an item that moves while it is read, and BatchGetItem accepts no key twice. */
export const distinctKeys = (keys: readonly ItemKey[]): readonly ItemKey[] => [
  ...new Map(keys.map(({ pk, sk }) => [JSON.stringify([pk, sk]), { pk, sk }])).values(),
];

/** Reads one item, strongly consistent; `undefined` when there is none. */
export const readItem = async ({ documents, tableName }: Table, key: ItemKey): Promise<Item | undefined> => {
  const { Item } = await documents.send(
    new GetCommand({ TableName: tableName, Key: { ...key }, ConsistentRead: true }),
  );
  return Item;
};

/**
 * Reads up to 100 items in one BatchGetItem, each once. A stale read would show a closed window as open: `ConsistentRead` may be
 * false only where the write that follows is conditional on what was read.
 */
export const readBatch = async (
  { documents, tableName }: Table,
  keys: readonly ItemKey[],
  ConsistentRead = true,
): Promise<readonly Item[]> => {
  const found: Item[] = [];
  let unread: Record<string, unknown>[] = distinctKeys(keys).map((key) => ({ ...key }));
  if (unread.length === 0) return found;
  return retryUnderContention<readonly Item[]>(BLOCKED_ITEMS, async () => {
    const answer = await documents.send(
      new BatchGetCommand({ RequestItems: { [tableName]: { Keys: unread, ConsistentRead } } }),
    );
    found.push(...(answer.Responses?.[tableName] ?? []));
    unread = answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
    return unread.length === 0 ? found : new Contended(`DynamoDB left ${unread.length} items unread`);
  });
};

/** The item of a key among those that were read. */
export const findItem = (items: readonly Item[], { pk, sk }: ItemKey): Item | undefined =>
  items.find((item) => item['pk'] === pk && item['sk'] === sk);

/** Splits a list into parts of that size. */
export const chunk = <T>(list: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));

/** Reads any number of items, 100 in each of as many parallel requests as needed. */
export const readItems = async (table: Table, keys: readonly ItemKey[], consistent = true): Promise<readonly Item[]> =>
  (await Promise.all(chunk(distinctKeys(keys), MAX_KEYS).map((some) => readBatch(table, some, consistent)))).flat();
