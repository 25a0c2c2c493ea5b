import { type CustomerKey, isPhone } from '../../domain/customer.ts';
import type { Table } from '../dynamo/client.ts';
import { findItem, readBatch } from '../dynamo/read-items.ts';
import type { Operation } from '../dynamo/transaction.ts';
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
  const stored = findItem(items, keys[1]);
  const { data: record = EMPTY_RECORD } = CustomerItem.safeParse(stored ?? {});
  const movedTo = session !== undefined && 'movedTo' in session ? session.movedTo : record.movedTo;
  return { movedTo, record, names: stored?.['names'] };
};

/** Holds while no better key of the customer has been recorded, and the customer has the same names for the same times. */
const isUnchanged = (
  { tableName }: Table,
  { channel, customer, names }: { readonly channel: string; readonly customer: CustomerKey; readonly names: unknown },
): Operation => {
  const conditions = [
    'attribute_not_exists(movedTo)',
    names === undefined ? 'attribute_not_exists(#names)' : '#names = :names',
    ...(isPhone(customer) ? [] : ['attribute_not_exists(phone)']),
  ];
  return {
    ConditionCheck: {
      TableName: tableName,
      Key: { ...customerKey(channel, customer) },
      ConditionExpression: conditions.join(' AND '),
      ExpressionAttributeNames: { '#names': 'names' },
      ...(names === undefined ? {} : { ExpressionAttributeValues: { ':names': names } }),
    },
  };
};

/** Whose a name was at a second. */
export interface NameOwner {
  /** The one key under which they count, whatever identity a message has: the phone number once it is known (R14). */
  readonly customer: CustomerKey;
  /** True where the name had another owner before or since. */
  readonly isShared: boolean;
  /** True where that key itself had another owner before. */
  readonly isKeyShared: boolean;
  /** Holds while that is so. */
  readonly unchanged: Operation;
}

/** Finds whose a name was at an epoch second; without one, whose it is now. */
export const ownerAt = async (
  table: Table,
  channel: string,
  { name, second = Number.MAX_SAFE_INTEGER }: { readonly name: CustomerKey; readonly second?: number | undefined },
): Promise<NameOwner> => {
  let isShared = false;
  return followMerge<NameOwner>(name, async (at) => {
    const { movedTo, record, names } = await readIdentities(table, channel, at);
    const isSharedHere = (of: CustomerKey): boolean =>
      (record.names ?? []).some((one) => one.name === of && one.ownedFrom !== undefined);
    isShared ||= isSharedHere(name);
    const legacy = isPhone(at) ? undefined : record.phone;
    const next = movedTo ?? previousOwnerOf(record, name, second) ?? legacy;
    if (next !== undefined) return { movedTo: next };
    const unchanged = isUnchanged(table, { channel, customer: at, names });
    return { customer: at, isShared, isKeyShared: isSharedHere(at), unchanged };
  });
};
