import type { CustomerKey } from '../../domain/customer.ts';
import type { KnownName } from '../../domain/names.ts';
import type { Table } from '../dynamo/client.ts';
import { findItem, type Item, readItems } from '../dynamo/read-items.ts';
import { CustomerItem } from '../items.ts';
import { mergedIn } from './follow-merge.ts';
import { type NamePeriod, ownedNames, periodsOf } from './names-of.ts';
import { rowsOf } from './read-persons.ts';

/** Everything under which something of a person is stored. */
export interface FoundPerson {
  readonly canonical: CustomerKey;
  /** The names that lead to the person: their rows are the person's. */
  readonly owned: readonly CustomerKey[];
  readonly periods: readonly NamePeriod[];
  readonly names: readonly KnownName[];
  /** The person's CUSTOMER item as it was found. */
  readonly record: Item | undefined;
}

const readRows = async (table: Table, channel: string, name: CustomerKey) => {
  const keys = rowsOf(channel, name);
  const items = await readItems(table, Object.values(keys));
  return { session: findItem(items, keys.session), record: findItem(items, keys.record) };
};

const parseRecord = (item: Item | undefined): Partial<CustomerItem> => CustomerItem.safeParse(item ?? {}).data ?? {};

const movedTo = async (table: Table, channel: string, name: CustomerKey): Promise<CustomerKey | undefined> => {
  const { session, record } = await readRows(table, channel, name);
  return (mergedIn(session) ?? mergedIn(record))?.movedTo;
};

/** The names on the way from one to where the state is stored; a circle ends where it began. */
const wayFrom = async (table: Table, channel: string, name: CustomerKey): Promise<readonly CustomerKey[]> => {
  const way = new Set([name]);
  for (let at: CustomerKey | undefined = name; at !== undefined; ) {
    const next: CustomerKey | undefined = await movedTo(table, channel, at);
    if (next === undefined || way.has(next)) break;
    way.add(next);
    at = next;
  }
  return [...way];
};

/** Whether a name is the other one of those that are known: its record says so too, or it leads to them. */
const belongsTo = async (
  table: Table,
  channel: string,
  { other, name, known }: { other: CustomerKey; name: CustomerKey; known: readonly CustomerKey[] },
): Promise<boolean> => {
  const rows = await readRows(table, channel, other);
  const { phone, userId } = parseRecord(rows.record);
  const leads = mergedIn(rows.session) ?? mergedIn(rows.record);
  return phone === name || userId === name || (leads !== undefined && known.includes(leads.movedTo));
};

/** An earlier release stored the other name on both records; where only one has it, it was overwritten by another person's. */
const legacyNames = async (
  table: Table,
  channel: string,
  known: readonly CustomerKey[],
): Promise<readonly CustomerKey[]> => {
  const found: CustomerKey[] = [];
  for (const name of known) {
    const { phone, userId } = parseRecord((await readRows(table, channel, name)).record);
    const others = [phone, userId].filter((other) => other !== undefined && !known.includes(other));
    for (const other of others)
      if (other !== undefined && (await belongsTo(table, channel, { other, name, known }))) found.push(other);
  }
  return found;
};

/** Finds every name of a person, also through items that cannot be parsed. */
export const findPerson = async (table: Table, channel: string, requested: CustomerKey): Promise<FoundPerson> => {
  const way = await wayFrom(table, channel, requested);
  const canonical = way.at(-1) ?? requested;
  const { record } = await readRows(table, channel, canonical);
  const { names = [] } = parseRecord(record);
  const owned = new Set([...way, ...ownedNames(canonical, names)]);
  for (const name of await legacyNames(table, channel, [...owned])) owned.add(name);
  const periods = periodsOf(canonical, names);
  const further = [...owned].filter((name) => !periods.some((period) => period.name === name));
  return {
    canonical,
    names,
    record,
    owned: [...owned],
    periods: [...periods, ...further.flatMap((name) => periodsOf(name, []))],
  };
};
