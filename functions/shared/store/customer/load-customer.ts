import { UNKNOWN_CONSENT } from '../../domain/consent.ts';
import type { CustomerKey } from '../../domain/customer.ts';
import type { KnownName } from '../../domain/names.ts';
import type { CustomerRecord } from '../../domain/send-decision.ts';
import type { Session } from '../../domain/window.ts';
import type { Table } from '../dynamo/client.ts';
import { findItem, type Item, readBatch, readItems } from '../dynamo/read-items.ts';
import { CustomerItem, SessionRow } from '../items.ts';
import { customerKey, type ItemKey, sessionKey } from '../keys.ts';
import { followMerge, type Merged } from './follow-merge.ts';

/** Session and record of a customer on a channel. */
export interface CustomerState {
  /** The canonical name: the requested one, or the one that it was merged into. */
  readonly customer: CustomerKey;
  /** Every name, once there are several. */
  readonly names: readonly KnownName[];
  readonly session: Session | undefined;
  readonly record: CustomerRecord;
  readonly profile?: CustomerItem['profile'];
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
  owner,
}: CustomerItem): CustomerRecord => ({
  consent: consent ?? UNKNOWN_CONSENT,
  consentVersion,
  marketing,
  lastOpenedAt,
  lastInboundAt,
  slot: slotUsedAt === undefined ? undefined : { usedAt: slotUsedAt, holders: [...slotHolders] },
  owner,
});

const keysOf = (channel: string, customer: CustomerKey): readonly [session: ItemKey, record: ItemKey] => [
  sessionKey(channel, customer),
  customerKey(channel, customer),
];

const toState = (items: readonly Item[], channel: string, customer: CustomerKey): CustomerState | Merged => {
  const [session, record] = keysOf(channel, customer);
  const row = SessionRow.optional().parse(findItem(items, session));
  if (row !== undefined && 'movedTo' in row) return row;
  const item = CustomerItem.parse(findItem(items, record) ?? {});
  if (item.movedTo !== undefined) return { movedTo: item.movedTo };
  return { customer, names: item.names ?? [], session: row, record: toRecord(item), profile: item.profile };
};

/** Reads the items of the customers, then those of the keys that they were merged into. */
const readWithMerges = async (
  table: Table,
  channel: string,
  customers: readonly CustomerKey[],
): Promise<readonly Item[]> => {
  const items: Item[] = [];
  const read = new Set<CustomerKey>();
  let wanted = new Set(customers);
  while (wanted.size > 0) {
    const keys = [...wanted].flatMap((customer) => keysOf(channel, customer));
    items.push(...(await readItems(table, keys)));
    for (const customer of wanted) read.add(customer);
    const states = [...wanted].map((customer) => toState(items, channel, customer));
    const targets = states.flatMap((state) => ('movedTo' in state ? [state.movedTo] : []));
    wanted = new Set(targets.filter((target) => !read.has(target)));
  }
  return items;
};

/** Reads session and customer strongly consistently: a stale read would show a closed window as open. */
export const createCustomerStore = (table: Table) => ({
  /** Loads one customer in one BatchGetItem, and one more for each merge. */
  loadCustomer: (channel: string, customer: CustomerKey): Promise<CustomerState> =>
    followMerge(customer, async (at) => toState(await readBatch(table, keysOf(channel, at)), channel, at)),

  /** Loads customers, returned in the order of the request, in one step of parallel reads and one more for each merge. */
  loadCustomers: async (
    channel: string,
    customers: readonly CustomerKey[],
  ): Promise<readonly RequestedCustomerState[]> => {
    const items = await readWithMerges(table, channel, customers);
    return Promise.all(
      customers.map(async (requested) => ({
        requested,
        ...(await followMerge(requested, async (at) => toState(items, channel, at))),
      })),
    );
  },
});
