import type { CustomerKey } from '../../domain/customer.ts';
import { keptUntil } from '../../domain/usage.ts';
import type { Table } from '../dynamo/client.ts';
import { Contended } from '../dynamo/contention.ts';
import { findItem, readBatch, readItems } from '../dynamo/read-items.ts';
import { itemExists, type Operation, transact } from '../dynamo/transaction.ts';
import { type MessageName, messageKey } from '../keys.ts';
import { addToMemberCount, putMember } from './member-items.ts';
import { DEPLOYMENT, memberKey } from './usage-keys.ts';

/** A message that a customer sent or received in a month. */
export interface Activity {
  /** `yyyy-mm`. */
  readonly month: string;
  /** A message that is no longer stored was erased and does not count (R16). */
  readonly message: MessageName;
  /** The canonical name when the message was stored. @default - the name in its key */
  readonly customer?: CustomerKey | undefined;
}

/** Whom an activity probably counts for: another name may have been linked since. */
export const memberIn = ({ customer, message }: Activity): CustomerKey => customer ?? message.customer;

/** The activities whose customer is not counted yet: one read for up to 100 messages (R14). */
export const findUncounted = async (table: Table, activities: readonly Activity[]): Promise<readonly Activity[]> => {
  const keyOf = (activity: Activity) => {
    const { month, message } = activity;
    return memberKey({ channel: message.channel, month }, memberIn(activity));
  };
  const keys = [...new Map(activities.map((activity) => [JSON.stringify(keyOf(activity)), keyOf(activity)])).values()];
  const members = await readItems(table, keys, false);
  return activities.filter((activity) => findItem(members, keyOf(activity)) === undefined);
};

/** `erased`: the message is no longer stored, so that there is nothing to count. */
export type MemberOutcome = 'counted' | 'known' | 'erased';

export interface CountMember {
  readonly activity: Activity;
  /** The customer to count: the canonical name. */
  readonly customer: CustomerKey;
  /** Holds while `customer` is that key. */
  readonly keyUnchanged: Operation;
}

/** Counts a customer in one transaction on the channel and in the deployment, each where not counted yet. */
export const countMember = async (
  table: Table,
  { activity, customer, keyUnchanged }: CountMember,
): Promise<MemberOutcome | Contended> => {
  const { month, message } = activity;
  const ofChannel = memberKey({ channel: message.channel, month }, customer);
  const keys = [ofChannel, memberKey({ channel: DEPLOYMENT, month }, customer)];
  const members = await readBatch(table, keys);
  const missing = keys.filter((key) => findItem(members, key) === undefined);
  if (missing.length === 0) return 'known';
  const expiresAt = keptUntil(month);
  const counted = await transact(table, [
    itemExists(table, messageKey(message)),
    keyUnchanged,
    ...missing.flatMap((key) => [
      putMember(table, key, { expiresAt }),
      addToMemberCount(table, key, { by: 1, expiresAt }),
    ]),
  ]);
  if (counted.ok) return missing.includes(ofChannel) ? 'counted' : 'known';
  return counted.failed.has(0) ? 'erased' : new Contended('the customer was counted by other writers');
};
