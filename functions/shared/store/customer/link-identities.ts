import type { CustomerKey } from '../../domain/customer.ts';
import { epochSeconds } from '../../domain/window.ts';
import type { Table } from '../dynamo/client.ts';
import { updateConditionally } from '../dynamo/conditional-write.ts';
import { findItem, readBatch } from '../dynamo/read-items.ts';
import { itemExists, transact } from '../dynamo/transaction.ts';
import { CustomerItem } from '../items.ts';
import { customerKey, type MessageName, messageKey } from '../keys.ts';
import { mergeMembers } from '../usage/merge-members.ts';
import { KNOWN_SINCE } from './known-since.ts';

const isLinked = async (table: Table, { channel, customer }: MessageName, userId: CustomerKey): Promise<boolean> => {
  const keys = [customerKey(channel, customer), customerKey(channel, userId)] as const;
  const items = await readBatch(table, keys);
  const [record, alias] = keys.map((key) => CustomerItem.parse(findItem(items, key) ?? {}));
  return record?.userId === userId && alias?.phone === customer && alias.countedAs === customer;
};

const setIdentity = (
  { tableName }: Table,
  { channel, customer, now }: Pick<MessageName, 'channel' | 'customer'> & { readonly now: Date },
  [attribute, identity]: readonly ['phone' | 'userId', CustomerKey],
) => ({
  Update: {
    TableName: tableName,
    Key: customerKey(channel, customer),
    UpdateExpression: `SET ${attribute} = :identity, ${KNOWN_SINCE}`,
    ExpressionAttributeValues: { ':identity': identity, ':knownSince': epochSeconds(now) },
  },
});

/**
 * Records under both identities of a message the other one, then merges their members. After the first write the user id
 * is no longer counted, so that no member follows the merge; the last write records that the merge is complete.
 */
export const linkIdentities = async (
  table: Table,
  message: MessageName,
  { userId, now }: { readonly userId: CustomerKey; readonly now: Date },
): Promise<void> => {
  if (await isLinked(table, message, userId)) return;
  const { channel, customer: phone } = message;
  const linked = await transact(table, [
    // A message that is still stored was not erased: the link restores no erased customer (R16).
    itemExists(table, messageKey(message)),
    setIdentity(table, { channel, customer: phone, now }, ['userId', userId]),
    setIdentity(table, { channel, customer: userId, now }, ['phone', phone]),
  ]);
  if (!linked.ok) return;
  await mergeMembers(table, { channel, from: userId, to: phone }, now);
  await updateConditionally(table, customerKey(channel, userId), {
    UpdateExpression: 'SET countedAs = :phone',
    ConditionExpression: 'phone = :phone',
    ExpressionAttributeValues: { ':phone': phone },
  });
};
