import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { ItemKey } from '../keys.ts';
import type { Table } from './client.ts';
import { backOff, MAX_ATTEMPTS } from './conditional-write.ts';

/** What one BatchGetItem takes. */
export const MAX_KEYS = 100;

/**
 * Reads up to 100 items in one BatchGetItem: strongly consistent, since a stale read would let a closed window pass as
 * open, unless what follows is conditional on what was read.
 */
export const readBatch = async (
  { documents, tableName }: Table,
  keys: readonly ItemKey[],
  ConsistentRead = true,
): Promise<readonly Record<string, unknown>[]> => {
  const found: Record<string, unknown>[] = [];
  let wanted: Record<string, unknown>[] = keys.map((key) => ({ ...key }));
  for (let attempts = 0; wanted.length > 0; attempts += 1) {
    if (attempts === MAX_ATTEMPTS) throw new Error(`DynamoDB left ${wanted.length} items unread, ${attempts} times`);
    if (attempts > 0) await backOff(attempts);
    const answer = await documents.send(
      new BatchGetCommand({ RequestItems: { [tableName]: { Keys: wanted, ConsistentRead } } }),
    );
    found.push(...(answer.Responses?.[tableName] ?? []));
    wanted = answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
  }
  return found;
};

/** The item of a key among what was read. */
export const findItem = (items: readonly Record<string, unknown>[], { pk, sk }: ItemKey): unknown =>
  items.find((item) => item['pk'] === pk && item['sk'] === sk);

/** A list in pieces of that size. */
export const chunk = <T>(list: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));

/** The same for any number of keys: so many requests side by side as it takes. */
export const readItems = async (
  table: Table,
  keys: readonly ItemKey[],
  consistent = true,
): Promise<readonly Record<string, unknown>[]> =>
  (await Promise.all(chunk(keys, MAX_KEYS).map((some) => readBatch(table, some, consistent)))).flat();
