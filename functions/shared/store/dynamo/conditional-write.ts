import { ConditionalCheckFailedException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { PutCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { ItemKey } from '../keys.ts';
import type { Table } from './client.ts';
import { ITEM_ABSENT, RETURN_OLD_ITEM } from './conditions.ts';
import { BLOCKED_ITEMS, Contended, retryUnderContention } from './contention.ts';

export type ConditionalWrite<T> =
  | { readonly ok: true; readonly output: T }
  /** The condition did not hold; `item` is the stored one if the write asked for it, `undefined` when there is none. */
  | { readonly ok: false; readonly item: unknown };

/** Runs one conditional write: a failed condition is an outcome, every other failure is thrown. */
export const writeConditionally = <T>(write: () => Promise<T>): Promise<ConditionalWrite<T>> =>
  retryUnderContention<ConditionalWrite<T>>(BLOCKED_ITEMS, async () => {
    try {
      return { ok: true, output: await write() };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException)
        return { ok: false, item: error.Item === undefined ? undefined : unmarshall(error.Item) };
      if (error instanceof TransactionConflictException) return new Contended(error);
      throw error;
    }
  });

/** Updates one item while a condition holds. */
export const updateConditionally = (
  { documents, tableName }: Table,
  key: ItemKey,
  update: Omit<UpdateCommandInput, 'TableName' | 'Key'>,
) => writeConditionally(() => documents.send(new UpdateCommand({ TableName: tableName, Key: { ...key }, ...update })));

/** Puts an item where none is stored; the stored item comes back otherwise. */
export const putOnce = ({ documents, tableName }: Table, item: object) =>
  writeConditionally(() =>
    documents.send(new PutCommand({ TableName: tableName, Item: { ...item }, ...ITEM_ABSENT, ...RETURN_OLD_ITEM })),
  );
