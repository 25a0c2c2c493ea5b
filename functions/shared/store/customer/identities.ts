import { type CustomerKey, isPhone } from '../../domain/customer.ts';
import type { Table } from '../dynamo/client.ts';
import { findItem, readBatch } from '../dynamo/read-items.ts';
import { CustomerItem, SessionRow } from '../items.ts';
import { customerKey, sessionKey } from '../keys.ts';
import { followMerge } from './follow-merge.ts';

const EMPTY_RECORD = CustomerItem.parse({});

/** Reads the other identities that are stored under one; an item that cannot be parsed has none. */
const readIdentities = async (table: Table, channel: string, customer: CustomerKey) => {
  const keys = [sessionKey(channel, customer), customerKey(channel, customer)] as const;
  const items = await readBatch(table, keys);
  const { data: session } = SessionRow.safeParse(findItem(items, keys[0]));
  const { data: record = EMPTY_RECORD } = CustomerItem.safeParse(findItem(items, keys[1]) ?? {});
  const movedTo = session !== undefined && 'movedTo' in session ? session.movedTo : record.movedTo;
  return { movedTo, phone: record.phone };
};

/** The one key under which a customer counts, whatever identity a message has: the phone number once it is known (R14). */
export const canonicalKeyOf = async (table: Table, channel: string, customer: CustomerKey): Promise<CustomerKey> => {
  const { key } = await followMerge<{ key: CustomerKey }>(customer, async (at) => {
    const { movedTo, phone } = await readIdentities(table, channel, at);
    const better = movedTo ?? (isPhone(at) ? undefined : phone);
    return better === undefined ? { key: at } : { movedTo: better };
  });
  return key;
};

/** Holds while no better key of the customer has been recorded. */
export const canonicalKeyUnchanged = ({ tableName }: Table, channel: string, customer: CustomerKey) => ({
  ConditionCheck: {
    TableName: tableName,
    Key: customerKey(channel, customer),
    ConditionExpression: `attribute_not_exists(movedTo)${isPhone(customer) ? '' : ' AND attribute_not_exists(phone)'}`,
  },
});
