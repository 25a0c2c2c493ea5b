import { type CustomerKey, isPhone } from '../../domain/customer.ts';
import type { Table } from '../dynamo/client.ts';
import type { ItemKind } from '../keys.ts';
import { anonymizeMembers } from '../usage/anonymize-members.ts';
import { mergeMembers } from '../usage/merge-members.ts';
import { type EmptyPartition, emptyPartition } from './empty-partition.ts';
import { identitiesOf } from './identities.ts';

export interface EraseCustomer {
  readonly channel: string;
  readonly customer: CustomerKey;
  /** Every channel of the deployment. */
  readonly channels: readonly string[];
  readonly now: Date;
  /** Called before each page is removed: false ends the call, and the next one removes the rest. */
  readonly goOn: () => boolean;
}

/** How many items of each kind were removed; `members`: months in which the customer is counted anonymously now. */
export type Removed = Record<ItemKind | 'members', number>;

export interface Erased {
  /** True when a strongly consistent read found nothing left of the customer. */
  readonly done: boolean;
  readonly removed: Removed;
}

const NOTHING: Removed = {
  sessions: 0,
  customers: 0,
  consents: 0,
  messages: 0,
  pastSessions: 0,
  unplaced: 0,
  claims: 0,
  members: 0,
};

/** Adds every identity that the known ones lead to. */
const addIdentities = async (table: Table, channel: string, known: Set<CustomerKey>): Promise<void> => {
  for (const identity of known) for (const other of await identitiesOf(table, channel, identity)) known.add(other);
};

/** The identity that the others are counted under: the phone number, where there is one. */
const mainIdentity = (identities: readonly CustomerKey[], requested: CustomerKey): CustomerKey =>
  identities.find((identity) => isPhone(identity)) ?? requested;

/** Merges the members of all identities and makes the result anonymous; returns the number of months. */
const anonymizeAll = async (
  table: Table,
  erase: EraseCustomer,
  identities: readonly CustomerKey[],
): Promise<number> => {
  const { channel, now } = erase;
  const to = mainIdentity(identities, erase.customer);
  for (const from of identities) if (from !== to) await mergeMembers(table, { channel, from, to }, now);
  return anonymizeMembers(table, { ...erase, customer: to });
};

/** Erases customers. */
export const createEraseStore = (table: Table) => ({
  /**
   * Removes every item of the customer, under every identity, and the claims of the messages sent to them; a customer who
   * was counted stays counted anonymously (R16). First all messages are removed, which could link another identity or
   * count the customer, then the members become anonymous, and last the requested identity is removed, which leads to all
   * others: a repetition finds what a crash has left.
   */
  eraseCustomer: async (erase: EraseCustomer): Promise<Erased> => {
    const removed = { ...NOTHING };
    const identities = new Set([erase.customer]);
    const empty = async (customer: CustomerKey, depth: EmptyPartition['depth']): Promise<boolean> => {
      const emptied = await emptyPartition(table, { ...erase, customer, depth });
      for (const kind of emptied.kinds) removed[kind] += 1;
      for (const identity of emptied.identities) identities.add(identity);
      return emptied.empty;
    };
    for (let known = -1; known < identities.size; ) {
      known = identities.size;
      await addIdentities(table, erase.channel, identities);
      for (const identity of identities)
        if (!(await empty(identity, 'all_but_identities'))) return { done: false, removed };
    }
    removed.members += await anonymizeAll(table, erase, [...identities]);
    for (const identity of [...identities].toReversed())
      if (!(await empty(identity, 'all'))) return { done: false, removed };
    return { done: true, removed };
  },
});
