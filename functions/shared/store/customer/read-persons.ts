import type { CustomerKey } from '../../domain/customer.ts';
import type { Person } from '../../domain/names.ts';
import { DUE_ATTRIBUTES } from '../due/due-entry.ts';
import type { Table } from '../dynamo/client.ts';
import { findItem, type Item, readItems } from '../dynamo/read-items.ts';
import { CustomerItem, SessionItem, SessionRow } from '../items.ts';
import { customerKey, sessionKey } from '../keys.ts';
import { MAX_MERGES } from './follow-merge.ts';

/** A person's items as they are stored under the canonical name. */
export interface StoredPerson extends Person {
  readonly session: SessionItem | undefined;
  readonly record: CustomerItem | undefined;
  /** The stored items, with every attribute. */
  readonly stored: { readonly session: Item | undefined; readonly record: Item | undefined };
}

export const rowsOf = (channel: string, name: CustomerKey) => ({
  session: sessionKey(channel, name),
  record: customerKey(channel, name),
});

const read = async (table: Table, channel: string, names: readonly CustomerKey[]): Promise<readonly Item[]> =>
  readItems(
    table,
    names.flatMap((name) => Object.values(rowsOf(channel, name))),
  );

const toPerson = (items: readonly Item[], channel: string, name: CustomerKey): StoredPerson | CustomerKey => {
  const keys = rowsOf(channel, name);
  const stored = { session: findItem(items, keys.session), record: findItem(items, keys.record) };
  const row = SessionRow.optional().parse(stored.session);
  const record = CustomerItem.optional().parse(stored.record);
  if (row !== undefined && 'movedTo' in row) return row.movedTo;
  if (record?.movedTo !== undefined) return record.movedTo;
  return { canonical: name, names: record?.names ?? [], session: row, record, stored };
};

/** Reads the persons to whom names lead, each once, strongly consistent: one BatchGetItem, and one more for each merge. */
export const readPersons = async (
  table: Table,
  channel: string,
  names: readonly CustomerKey[],
): Promise<readonly StoredPerson[]> => {
  const persons = new Map<CustomerKey, StoredPerson>();
  let wanted = [...new Set(names)];
  for (let merges = 0; wanted.length > 0; merges += 1) {
    if (merges > MAX_MERGES) throw new Error(`a customer was merged more than ${MAX_MERGES} times`);
    const items = await read(table, channel, wanted);
    const next = new Set<CustomerKey>();
    for (const name of wanted) {
      const person = toPerson(items, channel, name);
      if (typeof person === 'string') next.add(person);
      else persons.set(name, person);
    }
    wanted = [...next].filter((name) => !persons.has(name));
  }
  return [...persons.values()];
};

/** Attributes that a writer may add to an item that was read without them. */
export const SESSION_ATTRIBUTES = [...Object.keys(SessionItem.shape), 'movedTo', ...DUE_ATTRIBUTES];
export const CUSTOMER_ATTRIBUTES = Object.keys(CustomerItem.shape);
