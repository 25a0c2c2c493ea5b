import * as z from 'zod';
import type { Table } from '../dynamo/client.ts';
import { ITEM_EXISTS } from '../dynamo/conditions.ts';
import { putAbsent } from '../dynamo/transaction.ts';
import type { ItemKey } from '../keys.ts';
import { memberCountKey } from './usage-keys.ts';

export const CountItem = z.object({ members: z.int().default(0) });

/** Puts a member where none is stored: a customer who was active in a month (R14). */
export const putMember = (table: Table, key: ItemKey, item: { readonly expiresAt: number }) =>
  putAbsent(table, { ...key, ...item });

/** Deletes a stored member. */
export const deleteMember = ({ tableName }: Table, key: ItemKey) => ({
  Delete: { TableName: tableName, Key: { ...key }, ...ITEM_EXISTS },
});

/** Adds to the counter beside a member. */
export const addToMemberCount = (
  { tableName }: Table,
  key: ItemKey,
  { by, expiresAt }: { by: 1 | -1; expiresAt: number },
) => ({
  Update: {
    TableName: tableName,
    Key: { ...memberCountKey(key) },
    UpdateExpression: 'SET expiresAt = :expiresAt ADD members :by',
    ExpressionAttributeValues: { ':by': by, ':expiresAt': expiresAt },
  },
});
