import { UNKNOWN_CONSENT } from '../../domain/consent.ts';
import type { CustomerKey } from '../../domain/customer.ts';
import type { CustomerRecord } from '../../domain/send-decision.ts';
import type { Session } from '../../domain/window.ts';
import { findItem, readBatch, readItems } from '../dynamo/batch-read.ts';
import type { Table } from '../dynamo/client.ts';
import { CustomerItem, SessionRow } from '../items.ts';
import { customerKey, type ItemKey, sessionKey } from '../keys.ts';
import { followMerge, type Merged } from './follow-merge.ts';

type Items = Awaited<ReturnType<typeof readBatch>>;

/** What is known of a customer on a channel. */
export interface CustomerState {
  /** Where the customer lives: the one asked for, or the one it was merged into. */
  readonly customer: CustomerKey;
  readonly session: Session | undefined;
  readonly record: CustomerRecord;
}

export interface RequestedCustomerState extends CustomerState {
  readonly requested: CustomerKey;
}

export const toRecord = ({
  consent,
  consentVersion,
  marketing,
  lastOpenedAt,
  lastInboundAt,
  slotUsedAt,
  slotHolders,
}: CustomerItem): CustomerRecord => ({
  consent: consent ?? UNKNOWN_CONSENT,
  consentVersion,
  marketing,
  lastOpenedAt,
  lastInboundAt,
  slot: slotUsedAt === undefined ? undefined : { usedAt: slotUsedAt, holders: [...slotHolders] },
});

const keysOf = (channel: string, customer: CustomerKey): readonly [session: ItemKey, record: ItemKey] => [
  sessionKey(channel, customer),
  customerKey(channel, customer),
];

const factsAt = (items: Items, channel: string, customer: CustomerKey): CustomerState | Merged => {
  const [session, record] = keysOf(channel, customer);
  const row = SessionRow.optional().parse(findItem(items, session));
  if (row !== undefined && 'movedTo' in row) return row;
  return { customer, session: row, record: toRecord(CustomerItem.parse(findItem(items, record) ?? {})) };
};

/** Reads the customers, and then those whom they were merged into. */
const readWithTargets = async (table: Table, channel: string, customers: readonly CustomerKey[]): Promise<Items> => {
  const items: Record<string, unknown>[] = [];
  const read = new Set<CustomerKey>();
  let wanted = new Set(customers);
  while (wanted.size > 0) {
    const keys = [...wanted].flatMap((customer) => keysOf(channel, customer));
    items.push(...(await readItems(table, keys)));
    for (const customer of wanted) read.add(customer);
    const facts = [...wanted].map((customer) => factsAt(items, channel, customer));
    const targets = facts.flatMap((found) => ('movedTo' in found ? [found.movedTo] : []));
    wanted = new Set(targets.filter((target) => !read.has(target)));
  }
  return items;
};

/** Reads session and customer strongly consistently: a stale read would let a closed window pass as open. */
export const createCustomerStore = (table: Table) => ({
  /** One BatchGetItem, and one more for a customer who was moved. */
  loadCustomer: (channel: string, customer: CustomerKey): Promise<CustomerState> =>
    followMerge(customer, async (at) => factsAt(await readBatch(table, keysOf(channel, at)), channel, at)),

  /** Answers for each customer in the order asked, after one step of reads side by side and one more for each move. */
  loadCustomers: async (
    channel: string,
    customers: readonly CustomerKey[],
  ): Promise<readonly RequestedCustomerState[]> => {
    const items = await readWithTargets(table, channel, customers);
    return Promise.all(
      customers.map(async (requested) => ({
        requested,
        ...(await followMerge(requested, async (at) => factsAt(items, channel, at))),
      })),
    );
  },
});
