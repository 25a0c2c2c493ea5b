import type { CustomerKey } from '../../domain/customer.ts';
import { countedMonths, keptUntil } from '../../domain/usage.ts';
import type { Table } from '../dynamo/client.ts';
import { CHANGED_ITEMS, Contended, retryUnderContention } from '../dynamo/contention.ts';
import { findItem, readBatch } from '../dynamo/read-items.ts';
import { itemExists, type Operation, transact } from '../dynamo/transaction.ts';
import type { ItemKey } from '../keys.ts';
import { addToMemberCount, deleteMember, MemberItem, putMember } from './member-items.ts';
import { DEPLOYMENT, memberCountKey, memberKey, type UsageScope } from './usage-keys.ts';

export interface MergeMembers {
  readonly channel: string;
  readonly from: CustomerKey;
  readonly to: CustomerKey;
  readonly now: Date;
  /** Whether the key `to` had another owner before. */
  readonly isKeyShared: boolean;
  /** Holds while `to` is the customer's canonical name. @default - it stays so */
  readonly unchanged?: Operation | undefined;
}

const isSameCounter = (one: ItemKey, other: ItemKey): boolean => memberCountKey(one).pk === memberCountKey(other).pk;

/** Counts the customer of a month under the new key alone; nothing to do once the old member is gone. */
const mergeMonth = (
  table: Table,
  scope: UsageScope,
  { from, to, isKeyShared, unchanged }: MergeMembers,
): Promise<'merged'> =>
  retryUnderContention(CHANGED_ITEMS, async () => {
    const [old, fresh] = [memberKey(scope, from), memberKey(scope, to)];
    const expiresAt = keptUntil(scope.month);
    const items = await readBatch(table, [old, fresh]);
    const member = findItem(items, old);
    if (member === undefined) return 'merged';
    const { countedBy } = MemberItem.parse(member);
    const isShared = isKeyShared && scope.channel !== DEPLOYMENT ? true : undefined;
    const countLess = addToMemberCount(table, old, { by: -1, expiresAt });
    const countMore = addToMemberCount(table, fresh, { by: 1, expiresAt });
    const isDouble = findItem(items, fresh) !== undefined;
    const { ok } = await transact(table, [
      deleteMember(table, old),
      isDouble ? itemExists(table, fresh) : putMember(table, fresh, { expiresAt, countedBy, isShared }),
      ...(isDouble ? [countLess] : isSameCounter(old, fresh) ? [] : [countLess, countMore]),
      ...(unchanged === undefined ? [] : [unchanged]),
    ]);
    return ok ? 'merged' : new Contended('the members of a month were changed by other writers');
  });

/** Counts a customer once, under the new key, in every month that is kept (R14). */
export const mergeMembers = async (table: Table, merge: MergeMembers): Promise<void> => {
  const scopes = countedMonths(merge.now).flatMap((month) => [
    { channel: merge.channel, month },
    { channel: DEPLOYMENT, month },
  ]);
  const counted = await readBatch(
    table,
    scopes.map((scope) => memberKey(scope, merge.from)),
  );
  for (const scope of scopes)
    if (findItem(counted, memberKey(scope, merge.from)) !== undefined) await mergeMonth(table, scope, merge);
};
