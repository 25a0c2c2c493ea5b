import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { CustomerKey } from '../../domain/customer.ts';
import { countedMonths, keptUntil } from '../../domain/usage.ts';
import { findItem, readBatch } from '../dynamo/batch-read.ts';
import type { Table } from '../dynamo/client.ts';
import { writeConditionally } from '../dynamo/conditional-write.ts';
import { itemExists, transact } from '../dynamo/transaction.ts';
import { CustomerItem } from '../items.ts';
import { customerKey, type ItemKey, type MessageName, messageKey } from '../keys.ts';
import { countMember, putMember, removeMember } from './member-items.ts';
import { DEPLOYMENT, memberCountKey, memberKey, type UsageScope } from './usage-keys.ts';

/** How often a move starts over when others write the same members; each round means that somebody got on. */
const MAX_ROUNDS = 8;

interface Names {
  readonly channel: string;
  readonly from: CustomerKey;
  readonly to: CustomerKey;
}

const isSameCounter = (one: ItemKey, other: ItemKey): boolean => memberCountKey(one).pk === memberCountKey(other).pk;

/** Makes of two members of a month one, and moves one that stands alone. */
const moveMember = async (table: Table, scope: UsageScope, { from, to }: Names): Promise<void> => {
  const [old, fresh] = [memberKey(scope, from), memberKey(scope, to)];
  const expiresAt = keptUntil(scope.month);
  for (let rounds = 0; rounds < MAX_ROUNDS; rounds += 1) {
    const items = await readBatch(table, [old, fresh]);
    if (findItem(items, old) === undefined) return;
    const less = countMember(table, old, { by: -1, expiresAt });
    const isDouble = findItem(items, fresh) !== undefined;
    const { ok } = await transact(table, [
      removeMember(table, old),
      isDouble ? itemExists(table, fresh) : putMember(table, fresh, { userId: undefined, expiresAt }),
      ...(isDouble ? [less] : isSameCounter(old, fresh) ? [] : [less, countMember(table, fresh, { by: 1, expiresAt })]),
    ]);
    if (ok) return;
  }
  throw new Error(`a member of a month was written by others in each of ${MAX_ROUNDS} rounds`);
};

/** Lets a person count once in every month that is kept, who was counted under two names (R14). */
export const mergeMembers = async (table: Table, names: Names, now: Date): Promise<void> => {
  const scopes = countedMonths(now).flatMap((month) => [
    { channel: names.channel, month },
    { channel: DEPLOYMENT, month },
  ]);
  const counted = await readBatch(
    table,
    scopes.map((scope) => memberKey(scope, names.from)),
  );
  for (const scope of scopes)
    if (findItem(counted, memberKey(scope, names.from)) !== undefined) await moveMember(table, scope, names);
};

const isLinked = async (table: Table, { channel, customer }: MessageName, userId: CustomerKey): Promise<boolean> => {
  const keys = [customerKey(channel, customer), customerKey(channel, userId)] as const;
  const items = await readBatch(table, keys);
  const [named, alias] = keys.map((key) => CustomerItem.parse(findItem(items, key) ?? {}));
  return named?.userId === userId && alias?.phone === customer && alias.countedAs === customer;
};

/**
 * Notes under each name of a person the other one, then makes one member of two; `message` has both names. From the first
 * write on nobody counts the user id any more, so that none comes after the members were merged; the last one says that
 * they were.
 */
export const linkNames = async (
  table: Table,
  message: MessageName,
  { userId, now }: { readonly userId: CustomerKey; readonly now: Date },
): Promise<void> => {
  if (await isLinked(table, message, userId)) return;
  const { channel, customer: phone } = message;
  const { documents, tableName: TableName } = table;
  const note = (customer: CustomerKey, attribute: 'phone' | 'userId', name: CustomerKey) => ({
    TableName,
    Key: customerKey(channel, customer),
    UpdateExpression: `SET ${attribute} = :name`,
    ExpressionAttributeValues: { ':name': name },
  });
  const linked = await transact(table, [
    // While it is there, nobody has been erased whom this would bring back (R16).
    itemExists(table, messageKey(message)),
    { Update: note(phone, 'userId', userId) },
    { Update: note(userId, 'phone', phone) },
  ]);
  if (!linked.ok) return;
  await mergeMembers(table, { channel, from: userId, to: phone }, now);
  await writeConditionally(() =>
    documents.send(
      new UpdateCommand({
        TableName,
        Key: customerKey(channel, userId),
        UpdateExpression: 'SET countedAs = :phone',
        ConditionExpression: 'phone = :phone',
        ExpressionAttributeValues: { ':phone': phone },
      }),
    ),
  );
};
