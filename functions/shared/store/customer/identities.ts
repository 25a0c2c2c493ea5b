import { type CustomerKey, isPhone } from '../../domain/customer.ts';
import type { Table } from '../dynamo/client.ts';
import { findItem, readBatch } from '../dynamo/read-items.ts';
import { CustomerItem, SessionRow } from '../items.ts';
import { customerKey, sessionKey } from '../keys.ts';
import { followMerge } from './follow-merge.ts';
import { previousOwnerOf } from './previous-owner.ts';

const EMPTY_RECORD = CustomerItem.parse({});

/** Reads the other identities that are stored under one; an item that cannot be parsed has none. */
const readIdentities = async (table: Table, channel: string, customer: CustomerKey) => {
  const keys = [sessionKey(channel, customer), customerKey(channel, customer)] as const;
  const items = await readBatch(table, keys);
  const { data: session } = SessionRow.safeParse(findItem(items, keys[0]));
  const { data: record = EMPTY_RECORD } = CustomerItem.safeParse(findItem(items, keys[1]) ?? {});
  const movedTo = session !== undefined && 'movedTo' in session ? session.movedTo : record.movedTo;
  return { movedTo, record };
};

/** Whose a name was at a second. */
export interface NameOwner {
  /** The one key under which they count, whatever identity a message has: the phone number once it is known (R14). */
  readonly customer: CustomerKey;
  /** True where the name had another owner before or since. */
  readonly isShared: boolean;
}

/** Finds whose a name was at an epoch second; without one, whose it is now. */
export const ownerAt = async (
  table: Table,
  channel: string,
  { name, second = Number.MAX_SAFE_INTEGER }: { readonly name: CustomerKey; readonly second?: number | undefined },
): Promise<NameOwner> => {
  let isShared = false;
  return followMerge<NameOwner>(name, async (at) => {
    const { movedTo, record } = await readIdentities(table, channel, at);
    isShared ||= (record.names ?? []).some((one) => one.name === name && one.ownedFrom !== undefined);
    const legacy = isPhone(at) ? undefined : record.phone;
    const next = movedTo ?? previousOwnerOf(record, name, second) ?? legacy;
    return next === undefined ? { customer: at, isShared } : { movedTo: next };
  });
};

/** Holds while no better key of the customer has been recorded. */
export const canonicalKeyUnchanged = ({ tableName }: Table, channel: string, customer: CustomerKey) => ({
  ConditionCheck: {
    TableName: tableName,
    Key: customerKey(channel, customer),
    ConditionExpression: `attribute_not_exists(movedTo)${isPhone(customer) ? '' : ' AND attribute_not_exists(phone)'}`,
  },
});
