import { isDeepStrictEqual } from 'node:util';
import { ConditionalCheckFailedException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DeleteCommandInput,
  PutCommand,
  type PutCommandOutput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { ItemKey } from '../keys.ts';
import type { Table } from './client.ts';
import { ITEM_ABSENT, RETURN_OLD_ITEM } from './conditions.ts';
import { BLOCKED_ITEMS, Contended, retryUnderContention } from './contention.ts';

export type ConditionalWrite<T> =
  | { readonly ok: true; readonly output: T }
  | {
      /** The condition did not hold. */
      readonly ok: false;
      /** The stored one if the write asked for it, `undefined` when there is none. */
      readonly item: unknown;
      /** The SDK sent the write more than once: its first attempt may have taken effect, so that `item` may be its own. */
      readonly wasRepeated: boolean;
    };

/** Runs one conditional write: a failed condition is an outcome, every other failure is thrown. */
export const writeConditionally = <T>(write: () => Promise<T>): Promise<ConditionalWrite<T>> =>
  retryUnderContention<ConditionalWrite<T>>(BLOCKED_ITEMS, async () => {
    try {
      return { ok: true, output: await write() };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException)
        return {
          ok: false,
          item: error.Item === undefined ? undefined : unmarshall(error.Item),
          wasRepeated: (error.$metadata.attempts ?? 1) > 1,
        };
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

/** Deletes one item while a condition holds. */
export const deleteConditionally = (
  { documents, tableName }: Table,
  { pk, sk }: ItemKey,
  condition: Omit<DeleteCommandInput, 'TableName' | 'Key'>,
) =>
  writeConditionally(() => documents.send(new DeleteCommand({ TableName: tableName, Key: { pk, sk }, ...condition })));

/** Whether the stored item is what this write puts. */
const isSame = (stored: unknown, item: object): boolean =>
  isDeepStrictEqual(stored, unmarshall(marshall(item, { removeUndefinedValues: true })));

/** Puts an item where none is stored; the stored item comes back otherwise, unless this put has stored it. */
export const putOnce = async (
  { documents, tableName }: Table,
  item: object,
): Promise<ConditionalWrite<PutCommandOutput | undefined>> => {
  const put = await writeConditionally(() =>
    documents.send(new PutCommand({ TableName: tableName, Item: { ...item }, ...ITEM_ABSENT, ...RETURN_OLD_ITEM })),
  );
  return !put.ok && put.wasRepeated && isSame(put.item, item) ? { ok: true, output: undefined } : put;
};
