import type { CustomerKey } from '../../domain/customer.ts';
import { keptUntil } from '../../domain/usage.ts';
import type { Table } from '../dynamo/client.ts';
import { updateConditionally } from '../dynamo/conditional-write.ts';
import { ITEM_EXISTS } from '../dynamo/conditions.ts';
import { Contended } from '../dynamo/contention.ts';
import { findItem, type Item, readBatch, readItems } from '../dynamo/read-items.ts';
import { itemExists, type Operation, transact } from '../dynamo/transaction.ts';
import { type ItemKey, type MessageName, messageKey } from '../keys.ts';
import { addToMemberCount, MemberItem, putMember } from './member-items.ts';
import { DEPLOYMENT, memberKey } from './usage-keys.ts';

/** A message that a customer sent or received in a month. */
export interface Activity {
  /** `yyyy-mm`. */
  readonly month: string;
  /** A message that is no longer stored was erased and does not count (R16). */
  readonly message: MessageName;
  /** The customer's other identity, where the message has a phone number too. */
  readonly userId?: CustomerKey | undefined;
}

const memberOf = (members: readonly Item[], key: ItemKey): MemberItem | undefined =>
  MemberItem.optional().parse(findItem(members, key));

/** Counted in that month, under every identity that the message has. */
const isCounted = (member: MemberItem | undefined, { userId }: Activity): boolean =>
  member !== undefined && (userId === undefined || member.userId === userId);

/** The activities whose customer is not counted yet: one read for up to 100 messages (R14). */
export const findUncounted = async (table: Table, activities: readonly Activity[]): Promise<readonly Activity[]> => {
  const keyOf = ({ month, message: { channel, customer } }: Activity) => memberKey({ channel, month }, customer);
  const keys = [...new Map(activities.map((activity) => [JSON.stringify(keyOf(activity)), keyOf(activity)])).values()];
  const members = await readItems(table, keys, false);
  return activities.filter((activity) => !isCounted(memberOf(members, keyOf(activity)), activity));
};

const recordUserId = (table: Table, key: ItemKey, userId: CustomerKey | undefined) =>
  updateConditionally(table, key, {
    UpdateExpression: 'SET userId = :userId',
    ...ITEM_EXISTS,
    ExpressionAttributeValues: { ':userId': userId },
  });

/** `erased`: the message is no longer stored, so that there is nothing to count. */
export type MemberOutcome = 'counted' | 'known' | 'erased';

export interface CountMember {
  readonly activity: Activity;
  /** The customer to count: one key for all identities. */
  readonly customer: CustomerKey;
  /** Holds while `customer` is that key. */
  readonly keyUnchanged: Operation;
}

/** Counts a customer in one transaction on the channel and in the deployment, each where not counted yet. */
export const countMember = async (
  table: Table,
  { activity, customer, keyUnchanged }: CountMember,
): Promise<MemberOutcome | Contended> => {
  const { month, userId, message } = activity;
  const ofChannel = memberKey({ channel: message.channel, month }, customer);
  const keys = [ofChannel, memberKey({ channel: DEPLOYMENT, month }, customer)];
  const members = await readBatch(table, keys);
  const missing = keys.filter((key) => findItem(members, key) === undefined);
  if (missing.length === 0) {
    if (!isCounted(memberOf(members, ofChannel), activity)) await recordUserId(table, ofChannel, userId);
    return 'known';
  }
  const expiresAt = keptUntil(month);
  const counted = await transact(table, [
    itemExists(table, messageKey(message)),
    keyUnchanged,
    ...missing.flatMap((key) => [
      putMember(table, key, { userId, expiresAt }),
      addToMemberCount(table, key, { by: 1, expiresAt }),
    ]),
  ]);
  if (counted.ok) return missing.includes(ofChannel) ? 'counted' : 'known';
  return counted.failed.has(0) ? 'erased' : new Contended('the customer was counted by other writers');
};
