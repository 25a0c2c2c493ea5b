import * as z from 'zod';
import { CustomerKey } from '../../domain/customer.ts';
import type { Table } from '../dynamo/client.ts';
import { ITEM_EXISTS } from '../dynamo/conditions.ts';
import { putAbsent } from '../dynamo/transaction.ts';
import type { ItemKey } from '../keys.ts';
import { memberCountKey } from './usage-keys.ts';

export const CountItem = z.object({ members: z.int().default(0) });

/** A message under a name, of an epoch second. */
const Evidence = z.object({ name: CustomerKey, second: z.int() });
export type Evidence = z.infer<typeof Evidence>;

/** What is stored of a member. */
export const MemberItem = z.object({
  /** On a channel: the activity by which the customer was counted; absent where an earlier release counted it. */
  countedBy: Evidence.optional(),
  /** On a channel: the key is a name that had another owner before, of whom an activity under it may be. */
  isShared: z.boolean().optional(),
});
export type MemberItem = z.infer<typeof MemberItem>;

interface NewMember extends MemberItem {
  readonly expiresAt: number;
}

/** Puts a member where none is stored: a customer who was active in a month (R14). */
export const putMember = (table: Table, key: ItemKey, item: NewMember) => putAbsent(table, { ...key, ...item });

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
