import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { CustomerKey } from '../../domain/customer.ts';
import { isOwned } from '../../domain/names.ts';
import type { Table } from '../dynamo/client.ts';
import { itemUnchanged } from '../dynamo/item-unchanged.ts';
import { findItem, type Item, readItems } from '../dynamo/read-items.ts';
import { itemAbsent, transact } from '../dynamo/transaction.ts';
import { type ItemKind, kindOf } from '../keys.ts';
import { markErased } from './erased-session.ts';
import type { FoundPerson } from './find-person.ts';
import { isOwnershipStub, ownershipStub } from './forget-owner.ts';
import { CUSTOMER_ATTRIBUTES, rowsOf, SESSION_ATTRIBUTES } from './read-persons.ts';

const keyOf = ({ pk, sk }: Item) => ({ pk: String(pk), sk: String(sk) });

/** A session may be extended meanwhile, but is the one that was marked; every other row is what was read. */
const conditionOf = (item: Item, isSession: boolean) => {
  const { data } = WithSession.safeParse(item);
  if (isSession && data !== undefined)
    return { ConditionExpression: 'sessionId = :id', ExpressionAttributeValues: { ':id': data.sessionId } };
  return itemUnchanged(item, isSession ? SESSION_ATTRIBUTES : CUSTOMER_ATTRIBUTES);
};

const WithSession = z.object({ sessionId: z.string(), absorbed: z.set(z.string()).default(new Set()) });

interface Rows extends Omit<FoundPerson, 'periods'> {
  readonly now: Date;
}

/** Of a number that had another owner before, that owner's time stays known. */
const removal = (table: Table, channel: string, { item, names }: { item: Item; names: Rows['names'] }) => {
  const { tableName: TableName } = table;
  const isSession = kindOf(String(item['sk'])) === 'sessions';
  const guard = conditionOf(item, isSession);
  const known = names.find((one) => isOwned(one) && rowsOf(channel, one.name).record.pk === item['pk']);
  const stub = isSession || known === undefined ? undefined : ownershipStub(known);
  return stub === undefined
    ? { Delete: { TableName, Key: keyOf(item), ...guard } }
    : { Put: { TableName, Item: { ...stub, ...keyOf(item) }, ...guard } };
};

/**
 * Removes customer, session and the tombstones of all names in one transaction, so that no name is left which leads to
 * nothing; `undefined` where one of them changed or came meanwhile, or the customer changed since the person was found: with
 * a name or a consent that came then, something may be stored again. Returns the kinds of what was removed.
 */
export const removeRows = async (
  table: Table,
  channel: string,
  { canonical, record, owned, names, now }: Rows,
): Promise<readonly ItemKind[] | undefined> => {
  const keysOf = (name: CustomerKey) => Object.values(rowsOf(channel, name));
  const stored = await readItems(table, owned.flatMap(keysOf));
  if (!isDeepStrictEqual(findItem(stored, rowsOf(channel, canonical).record), record)) return undefined;
  const items = stored.filter((item) => !isOwnershipStub(item));
  if (items.length === 0) return [];
  for (const item of items) {
    const { data } = WithSession.safeParse(item);
    if (data !== undefined) await markErased(table, [data.sessionId, ...data.absorbed], now);
  }
  const absent = owned.flatMap(keysOf).filter((key) => findItem(stored, key) === undefined);
  const removed = await transact(table, [
    ...items.map((item) => removal(table, channel, { item, names })),
    ...absent.map((key) => itemAbsent(table, key)),
  ]);
  return removed.ok ? items.map(({ sk }) => kindOf(String(sk))) : undefined;
};
