import { type CustomerKey, isPhone } from '../domain/customer.ts';
import { itemOf, readAll } from './batch-read.ts';
import type { Table } from './client.ts';
import { CustomerItem, SessionRow } from './items.ts';
import { customerKey, sessionKey } from './keys.ts';
import { followMoves } from './moves.ts';

/** The other name under which the person is known better: where they moved to, or the phone number of a user id. */
const betterName = (at: CustomerKey, session: unknown, customer: unknown): CustomerKey | undefined => {
  const row = SessionRow.optional().parse(session);
  const { movedTo, phone } = CustomerItem.parse(customer ?? {});
  if (row !== undefined && 'movedTo' in row) return row.movedTo;
  return movedTo ?? (isPhone(at) ? undefined : phone);
};

/** The one name under which a person counts, whatever name they wrote under: the phone number once it is known (R14). */
export const personOf = async (table: Table, channel: string, customer: CustomerKey): Promise<CustomerKey> => {
  const { name } = await followMoves<{ name: CustomerKey }>(customer, async (at) => {
    const keys = [sessionKey(channel, at), customerKey(channel, at)] as const;
    const items = await readAll(table, keys);
    const better = betterName(at, itemOf(items, keys[0]), itemOf(items, keys[1]));
    return better === undefined ? { name: at } : { movedTo: better };
  });
  return name;
};

/** Holds while nobody has learned another name of the person. */
export const isStillNamed = ({ tableName }: Table, channel: string, person: CustomerKey) => ({
  ConditionCheck: {
    TableName: tableName,
    Key: customerKey(channel, person),
    ConditionExpression: `attribute_not_exists(movedTo)${isPhone(person) ? '' : ' AND attribute_not_exists(phone)'}`,
  },
});
