import { type CustomerKey, isPhone } from '../../domain/customer.ts';
import { findItem, readBatch } from '../dynamo/batch-read.ts';
import type { Table } from '../dynamo/client.ts';
import { CustomerItem, SessionRow } from '../items.ts';
import { customerKey, sessionKey } from '../keys.ts';
import { followMerge } from './follow-merge.ts';

const NOBODY = CustomerItem.parse({});

/** What stands under a name; what cannot be read tells of no other one. */
const readNames = async (table: Table, channel: string, at: CustomerKey) => {
  const keys = [sessionKey(channel, at), customerKey(channel, at)] as const;
  const items = await readBatch(table, keys);
  const { data: session } = SessionRow.safeParse(findItem(items, keys[0]));
  const { data: record = NOBODY } = CustomerItem.safeParse(findItem(items, keys[1]) ?? {});
  const movedTo = session !== undefined && 'movedTo' in session ? session.movedTo : record.movedTo;
  return { movedTo, phone: record.phone, userId: record.userId };
};

/** Under which other names the customer is known, by what stands under this one. */
export const identitiesOf = async (table: Table, channel: string, at: CustomerKey): Promise<readonly CustomerKey[]> =>
  Object.values(await readNames(table, channel, at)).filter((name) => name !== undefined);

/** The one name under which a person counts, whatever name they wrote under: the phone number once it is known (R14). */
export const canonicalNameOf = async (table: Table, channel: string, customer: CustomerKey): Promise<CustomerKey> => {
  const { name } = await followMerge<{ name: CustomerKey }>(customer, async (at) => {
    const { movedTo, phone } = await readNames(table, channel, at);
    const better = movedTo ?? (isPhone(at) ? undefined : phone);
    return better === undefined ? { name: at } : { movedTo: better };
  });
  return name;
};

/** Holds while nobody has learned another name of the person. */
export const canonicalNameUnchanged = ({ tableName }: Table, channel: string, person: CustomerKey) => ({
  ConditionCheck: {
    TableName: tableName,
    Key: customerKey(channel, person),
    ConditionExpression: `attribute_not_exists(movedTo)${isPhone(person) ? '' : ' AND attribute_not_exists(phone)'}`,
  },
});
