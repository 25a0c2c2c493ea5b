import { isOwned, type KnownName } from '../../domain/names.ts';
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

/** Removes an erased customer from the record of the present owner of a number that was theirs (R16). Idempotent. */
export const forgetPreviousOwner = (table: Table, channel: string, { name }: KnownName): Promise<object> =>
  retryUnderContention<object>(LIMITS, async () => {
    const [owner] = await readPersons(table, channel, [name]);
    const item = owner?.stored.record;
    if (owner === undefined || item === undefined) return {};
    const isNamed = (one: KnownName) => isOwned(one) && one.name === name && one.previousOwner !== undefined;
    if (!owner.names.some(isNamed)) return {};
    const Key = { ...rowsOf(channel, owner.canonical).record };
    const names = owner.names.map((one) => (isNamed(one) ? { ...one, previousOwner: undefined } : one));
    const guard = itemUnchanged(item, CUSTOMER_ATTRIBUTES);
    const { tableName: TableName } = table;
    const written = await transact(table, [
      isOwnershipStub(item)
        ? { Delete: { TableName, Key, ...guard } }
        : { Put: { TableName, Item: { ...item, ...Key, names: CustomerItem.shape.names.parse(names) }, ...guard } },
    ]);
    return written.ok ? {} : new Contended('the customer was changed by other writers');
  });
