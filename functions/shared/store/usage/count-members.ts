import type { CustomerKey } from '../../domain/customer.ts';
import { activeAt, keptUntil, monthOf } from '../../domain/usage.ts';
import type { Table } from '../dynamo/client.ts';
import { updateConditionally } from '../dynamo/conditional-write.ts';
import { ITEM_EXISTS } from '../dynamo/conditions.ts';
import { Contended } from '../dynamo/contention.ts';
import { findItem, readBatch, readItems } from '../dynamo/read-items.ts';
import { itemExists, type Operation, transact } from '../dynamo/transaction.ts';
import type { MessageItem } from '../items.ts';
import { type ItemKey, type MessageName, messageKey } from '../keys.ts';
import { addToMemberCount, deleteMember, type Evidence, MemberItem, putMember } from './member-items.ts';
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

/** The activity of a stored message; none while it does not count. */
export const activityOf = (
  { channel, customer }: Pick<MessageName, 'channel' | 'customer'>,
  message: MessageItem,
): Activity | undefined => {
  const at = activeAt(message);
  return at === undefined
    ? undefined
    : { message: { channel, customer, atMs: message.at, id: message.id }, month: monthOf(at) };
};

/**
 * The activities whose customer is not counted yet, and those under a name of several owners: one read for up to 100
 * messages (R14), strongly consistent, since a stale one would show a customer who was erased meanwhile.
 */
export const findUncounted = async (table: Table, activities: readonly Activity[]): Promise<readonly Activity[]> => {
  const keyOf = (activity: Activity) => {
    const { month, message } = activity;
    return memberKey({ channel: message.channel, month }, memberIn(activity));
  };
  const keys = [...new Map(activities.map((activity) => [JSON.stringify(keyOf(activity)), keyOf(activity)])).values()];
  const members = await readItems(table, keys);
  return activities.filter((activity) => {
    const member = findItem(members, keyOf(activity));
    return member === undefined || MemberItem.parse(member).isShared === true;
  });
};

/** `erased`: the message is no longer stored, so that there is nothing to count. */
export type MemberOutcome = 'counted' | 'known' | 'erased';

/** A customer to count on the channel and in the deployment. */
export interface CountedCustomer {
  readonly channel: string;
  readonly month: string;
  /** The canonical name. */
  readonly customer: CustomerKey;
  /** Whether that key had another owner before. */
  readonly isKeyShared: boolean;
  readonly countedBy: Evidence;
}

/** A member of a channel's month. */
export type Member = Pick<CountedCustomer, 'channel' | 'month' | 'customer'>;

export const keyOfMember = ({ channel, month, customer }: Member): ItemKey => memberKey({ channel, month }, customer);

/** Where a customer is counted: on the channel, and in the deployment. */
const keysOf = (member: Member) => [keyOfMember(member), keyOfMember({ ...member, channel: DEPLOYMENT })] as const;

/** Writes that count a customer where they are not counted yet; none where they are. */
const findMissing = async (table: Table, counted: CountedCustomer) => {
  const keys = keysOf(counted);
  const [ofChannel] = keys;
  const expiresAt = keptUntil(counted.month);
  const member = { expiresAt, countedBy: counted.countedBy, isShared: counted.isKeyShared ? true : undefined };
  const members = await readBatch(table, keys);
  const missing = keys.filter((key) => findItem(members, key) === undefined);
  const writes = missing.flatMap((key) => [
    putMember(table, key, key === ofChannel ? member : { expiresAt }),
    addToMemberCount(table, key, { by: 1, expiresAt }),
  ]);
  return { writes, isNew: missing.includes(ofChannel) };
};

export interface CountMember {
  readonly activity: Activity;
  /** The customer to count: the canonical name. */
  readonly customer: CustomerKey;
  readonly isKeyShared: boolean;
  /** Holds while `customer` is that key. */
  readonly unchanged: Operation;
}

export const evidenceIn = ({ message: { customer, atMs } }: Activity): Evidence => ({
  name: customer,
  second: Math.floor(atMs / 1000),
});

/** Counts a customer in one transaction on the channel and in the deployment, each where not counted yet. */
export const countMember = async (
  table: Table,
  { activity, customer, isKeyShared, unchanged }: CountMember,
): Promise<MemberOutcome | Contended> => {
  const { month, message } = activity;
  const counted = { channel: message.channel, month, customer, isKeyShared, countedBy: evidenceIn(activity) };
  const { writes, isNew } = await findMissing(table, counted);
  if (writes.length === 0) return 'known';
  const done = await transact(table, [itemExists(table, messageKey(message)), unchanged, ...writes]);
  if (done.ok) return isNew ? 'counted' : 'known';
  return done.failed.has(0) ? 'erased' : new Contended('the customer was counted by other writers');
};

/** Counts a customer by what another one was counted by, while the key is theirs. */
export const countByEvidence = async (
  table: Table,
  counted: CountedCustomer & { readonly unchanged: Operation },
): Promise<boolean> => {
  const { writes } = await findMissing(table, counted);
  return writes.length === 0 || (await transact(table, [counted.unchanged, ...writes])).ok;
};

/** No longer counts a customer, in the deployment either where they are a member of no other channel. */
export const uncountMember = async (table: Table, member: Member, isElsewhere: boolean): Promise<boolean> => {
  const keys = isElsewhere ? keysOf(member).slice(0, 1) : keysOf(member);
  const stored = await readBatch(table, keys);
  const expiresAt = keptUntil(member.month);
  const writes = keys
    .filter((key) => findItem(stored, key) !== undefined)
    .flatMap((key) => [deleteMember(table, key), addToMemberCount(table, key, { by: -1, expiresAt })]);
  return writes.length === 0 || (await transact(table, writes)).ok;
};

/** Changes what is stored of a member on its channel. */
export const changeMember = async (table: Table, member: Member, change: Required<MemberItem>): Promise<boolean> => {
  const [Key] = keysOf(member);
  const { ok } = await updateConditionally(table, Key, {
    UpdateExpression: 'SET countedBy = :countedBy, isShared = :isShared',
    ...ITEM_EXISTS,
    ExpressionAttributeValues: { ':countedBy': change.countedBy, ':isShared': change.isShared },
  });
  return ok;
};
