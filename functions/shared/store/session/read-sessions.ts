import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { CustomerKey } from '../../domain/customer.ts';
import type { NamedCustomer } from '../../domain/name-view.ts';
import { readRecord } from '../customer/canonical-name.ts';
import { type NamePeriod, ownedNames, periodsOf } from '../customer/names-of.ts';
import type { Table } from '../dynamo/client.ts';
import { findItem, readItems } from '../dynamo/read-items.ts';
import { type CustomerItem, PastItem, SessionRow } from '../items.ts';
import { pastRange, sessionKey } from '../keys.ts';

/** What is stored in the place of a session, and the name in its key. */
export interface StoredRow {
  readonly name: CustomerKey;
  readonly row: NonNullable<SessionRow>;
}

/** A session that has ended, and the name under which it is kept. */
export interface StoredPast {
  readonly name: CustomerKey;
  readonly past: PastItem;
}

export interface CustomerSessions extends NamedCustomer {
  readonly record: CustomerItem;
  /** The session of the canonical name, and where the other names lead. */
  readonly rows: readonly StoredRow[];
  /** The newest first. */
  readonly past: readonly StoredPast[];
}

const readPast = async (table: Table, channel: string, period: NamePeriod): Promise<readonly StoredPast[]> => {
  const { name, from, until } = period;
  const { pk, prefix } = pastRange(channel, name);
  const query = {
    TableName: table.tableName,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': pk, ':prefix': prefix },
  };
  const found: StoredPast[] = [];
  for await (const { Items = [] } of paginateQuery({ client: table.documents }, query))
    found.push(...Items.map((item) => ({ name, past: PastItem.parse(item) })));
  return found.filter(({ past }) => past.openedAt >= from && past.openedAt < until);
};

const readRows = async (
  table: Table,
  channel: string,
  names: readonly CustomerKey[],
): Promise<readonly StoredRow[]> => {
  const items = await readItems(
    table,
    names.map((name) => sessionKey(channel, name)),
  );
  return names.flatMap((name) => {
    const row = SessionRow.optional().parse(findItem(items, sessionKey(channel, name)));
    return row === undefined ? [] : [{ name, row }];
  });
};

/** Reads the sessions of a customer under all names. */
export const createSessionHistoryStore = (table: Table) => ({
  /** Reads those that have ended, as long as they are kept, and what is stored in the place of the present one. */
  readSessions: async (channel: string, requested: CustomerKey): Promise<CustomerSessions> => {
    const { customer, record } = await readRecord(table, channel, requested);
    const { names = [] } = record;
    const [rows, past] = await Promise.all([
      readRows(table, channel, ownedNames(customer, names)),
      Promise.all(periodsOf(customer, names).map((period) => readPast(table, channel, period))),
    ]);
    const sorted = past.flat().toSorted((one, other) => other.past.openedAt - one.past.openedAt);
    return { customer, names, record, rows, past: sorted };
  },
});
