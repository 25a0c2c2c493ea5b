import * as z from 'zod';
import { CustomerKey } from '../../domain/customer.ts';
import type { Table } from '../dynamo/client.ts';
import type { ItemKey } from '../keys.ts';
import { memberCountKey } from './usage-keys.ts';

/** A customer who was active in a month (R14). */
export const MemberItem = z.object({
  /** The other name under which the provider knows the customer, once a message had both. */
  userId: CustomerKey.optional(),
});
export type MemberItem = z.infer<typeof MemberItem>;

export const CountItem = z.object({ members: z.int().default(0) });

/** Puts a member where none is. */
export const putMember = ({ tableName }: Table, key: ItemKey, item: MemberItem & { readonly expiresAt: number }) => ({
  Put: { TableName: tableName, Item: { ...key, ...item }, ConditionExpression: 'attribute_not_exists(pk)' },
});

/** Takes a member away that is there. */
export const removeMember = ({ tableName }: Table, key: ItemKey) => ({
  Delete: { TableName: tableName, Key: { ...key }, ConditionExpression: 'attribute_exists(pk)' },
});

/** Counts a member, or one less. */
export const countMember = (
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
