import type { CustomerKey } from '../../domain/customer.ts';
import type { KnownName } from '../../domain/names.ts';
import type { Table } from '../dynamo/client.ts';
import { Contended, retryUnderContention } from '../dynamo/contention.ts';
import { itemUnchanged } from '../dynamo/item-unchanged.ts';
import type { Item } from '../dynamo/read-items.ts';
import { transact } from '../dynamo/transaction.ts';
import { CustomerItem } from '../items.ts';
import { CUSTOMER_ATTRIBUTES, readPersons, rowsOf } from './read-persons.ts';

const LIMITS = { maxAttempts: 8, pauseMs: 4 };

/**
 * What stays of a number whose second owner is erased: that what is older belongs to the first one, so that no one who
 * writes with it next is shown their messages. It holds nothing of the second owner.
 */
export const ownershipStub = ({ name, kind, learnedFrom, ownedFrom, previousOwner }: KnownName): Item | undefined =>
  ownedFrom === undefined || previousOwner === undefined
    ? undefined
    : { names: [{ name, kind, since: ownedFrom, learnedFrom, ownedFrom, previousOwner }], ownedFrom };

/** Whether nothing but that is stored. */
export const isOwnershipStub = (item: Item): boolean => {
  const { pk: _, sk: __, names: ___, ownedFrom, ...rest } = item;
  return ownedFrom !== undefined && Object.keys(rest).length === 0;
};

export interface ForgetPreviousOwner {
  readonly channel: string;
  /** The erased customer's time with the number. */
  readonly entry: KnownName;
  /** Every name that leads to them. */
  readonly erased: readonly CustomerKey[];
}

/** The record that names one of the erased as previous owner of the number: its present owner's, or that of one in between. */
const findNext = async (
  table: Table,
  channel: string,
  { name, erased }: { readonly name: CustomerKey; readonly erased: readonly CustomerKey[] },
) => {
  const met = new Set<CustomerKey>();
  for (let at: CustomerKey | undefined = name; at !== undefined && !met.has(at); ) {
    met.add(at);
    const [person] = await readPersons(table, channel, [at]);
    const owners = (person?.names ?? []).flatMap((one) => (one.name === name ? (one.previousOwner ?? []) : []));
    if (owners.some((owner) => erased.includes(owner))) return person;
    at = owners.find((owner) => !met.has(owner));
  }
  return undefined;
};

/**
 * Removes an erased customer from the record of the next owner of a number that was theirs (R16), who comes after the one
 * before them from then on. Idempotent.
 */
export const forgetPreviousOwner = (table: Table, { channel, entry, erased }: ForgetPreviousOwner): Promise<object> =>
  retryUnderContention<object>(LIMITS, async () => {
    const { name, previousOwner } = entry;
    const next = await findNext(table, channel, { name, erased });
    const item = next?.stored.record;
    if (next === undefined || item === undefined) return {};
    const isNamed = (one: KnownName) =>
      one.name === name && one.previousOwner !== undefined && erased.includes(one.previousOwner);
    const Key = { ...rowsOf(channel, next.canonical).record };
    const names = next.names.map((one) => (isNamed(one) ? { ...one, previousOwner } : one));
    const guard = itemUnchanged(item, CUSTOMER_ATTRIBUTES);
    const { tableName: TableName } = table;
    const written = await transact(table, [
      isOwnershipStub(item) && previousOwner === undefined
        ? { Delete: { TableName, Key, ...guard } }
        : { Put: { TableName, Item: { ...item, ...Key, names: CustomerItem.shape.names.parse(names) }, ...guard } },
    ]);
    return written.ok ? {} : new Contended('the customer was changed by other writers');
  });
