import type { CustomerKey } from '../../domain/customer.ts';
import { type OwnerRecord, type OwnerReport, reportedOwner } from '../../domain/owner.ts';
import type { Table } from '../dynamo/client.ts';
import { updateConditionally } from '../dynamo/conditional-write.ts';
import { RETURN_OLD_ITEM } from '../dynamo/conditions.ts';
import { CHANGED_ITEMS, Contended, retryUnderContention } from '../dynamo/contention.ts';
import type { Condition } from '../dynamo/transaction.ts';
import { customerKey } from '../keys.ts';
import { createCustomerStore } from './load-customer.ts';

const OWNER = { '#owner': 'owner' };

/** Holds while the word on the owner is what was read. */
export const ownerUnchanged = (owner: OwnerRecord | undefined): Condition =>
  owner === undefined
    ? { expression: 'attribute_not_exists(#owner)', names: OWNER, values: {} }
    : { expression: '#owner = :sameOwner', names: OWNER, values: { ':sameOwner': owner } };

export interface ChangeOwner {
  readonly channel: string;
  /** The key that the customer was read under. */
  readonly customer: CustomerKey;
  /** What was read. */
  readonly before: OwnerRecord | undefined;
  readonly after: OwnerRecord;
}

/** What a webhook says of a customer's conversation. */
export interface ReportOwner extends OwnerReport {
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly now: Date;
}

/** `changed_since`: the owner is not what was read. `unknown`: no such customer is stored. */
type Written = 'changed' | 'changed_since' | 'unknown';

const write = async (
  table: Table,
  { channel, customer, before, after }: ChangeOwner,
  mustBeKnown: boolean,
): Promise<Written> => {
  const { expression, names, values } = ownerUnchanged(before);
  const written = await updateConditionally(table, customerKey(channel, customer), {
    UpdateExpression: 'SET #owner = :owner',
    ConditionExpression: `${mustBeKnown ? 'attribute_exists(pk) AND ' : ''}attribute_not_exists(movedTo) AND ${expression}`,
    ExpressionAttributeNames: { ...names },
    ExpressionAttributeValues: { ...values, ':owner': after },
    ...RETURN_OLD_ITEM,
  });
  if (written.ok) return 'changed';
  return written.item === undefined ? 'unknown' : 'changed_since';
};

const OWNER_CHANGED = new Contended('the owner of the conversation changed since it was read');

/** Records who holds a conversation. */
export const createOwnerStore = (table: Table) => {
  const { loadCustomer } = createCustomerStore(table);
  return {
    /** Changes the owner while it is what was read; false when it has changed since. */
    changeOwner: async (change: ChangeOwner): Promise<boolean> => (await write(table, change, false)) === 'changed',
    /**
     * Records what a webhook says: one read, and a write where it changes something. Idempotent. A customer who is not
     * known, or was erased, is not restored (R16).
     */
    reportOwner: ({ channel, customer: named, now, ...report }: ReportOwner): Promise<boolean> =>
      retryUnderContention(CHANGED_ITEMS, async () => {
        const { customer, session, record } = await loadCustomer(channel, named);
        const before = record.owner;
        const after = reportedOwner(before, report, { session, now });
        if (after === undefined) return false;
        const written = await write(table, { channel, customer, before, after }, true);
        return written === 'changed_since' ? OWNER_CHANGED : written === 'changed';
      }),
  };
};
