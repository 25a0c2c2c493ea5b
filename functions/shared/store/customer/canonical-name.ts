import type { CustomerKey } from '../../domain/customer.ts';
import type { NamedCustomer } from '../../domain/name-view.ts';
import type { Table } from '../dynamo/client.ts';
import { readItem } from '../dynamo/read-items.ts';
import { CustomerItem } from '../items.ts';
import { customerKey } from '../keys.ts';
import { followMerge, type Merged } from './follow-merge.ts';

export interface CanonicalRecord {
  readonly customer: CustomerKey;
  readonly record: CustomerItem;
}

/** Reads the customer's record under the canonical name: one read, and one more for each merge. */
export const readRecord = (table: Table, channel: string, name: CustomerKey): Promise<CanonicalRecord> =>
  followMerge(name, async (customer): Promise<CanonicalRecord | Merged> => {
    const record = CustomerItem.parse((await readItem(table, customerKey(channel, customer))) ?? {});
    return record.movedTo === undefined ? { customer, record } : { movedTo: record.movedTo };
  });

/** The name under which a customer's state is stored and events name them. */
export const canonicalNameOf = async (table: Table, channel: string, name: CustomerKey): Promise<CustomerKey> =>
  (await readRecord(table, channel, name)).customer;

/** Finds out whom a name leads to. */
export const createCanonicalStore = (table: Table) => ({
  /** The customer under all names. */
  readNames: async (channel: string, name: CustomerKey): Promise<NamedCustomer> => {
    const { customer, record } = await readRecord(table, channel, name);
    return { customer, names: record.names ?? [] };
  },

  /** Whether two names lead to one customer. */
  isSameCustomer: async (channel: string, name: CustomerKey, other: CustomerKey): Promise<boolean> =>
    name === other || (await canonicalNameOf(table, channel, name)) === (await canonicalNameOf(table, channel, other)),
});
