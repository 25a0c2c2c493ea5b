import type { CustomerKey } from '../../domain/customer.ts';
import { isOwned } from '../../domain/names.ts';
import type { Table } from '../dynamo/client.ts';
import { itemUnchanged } from '../dynamo/item-unchanged.ts';
import type { Operation } from '../dynamo/transaction.ts';
import { customerKey, type ItemKind } from '../keys.ts';
import { anonymizePerson } from './anonymize-person.ts';
import { correctMembers } from './correct-members.ts';
import { emptyPeriod } from './empty-period.ts';
import { type FoundPerson, findPerson } from './find-person.ts';
import { forgetPreviousOwner } from './forget-owner.ts';
import { CUSTOMER_ATTRIBUTES } from './read-persons.ts';
import { removeRows } from './remove-rows.ts';

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

interface EmptyNames extends Pick<FoundPerson, 'periods'> {
  readonly removed: Removed;
  readonly onlyLate?: boolean;
}

/** Whether nothing but customer and session is left under the names of a person. */
const emptyNames = async (
  table: Table,
  { channel, now, goOn }: EraseCustomer,
  { periods, removed, onlyLate = false }: EmptyNames,
): Promise<boolean> => {
  for (const period of periods) {
    const emptied = await emptyPeriod(table, { channel, period, now, goOn, onlyLate });
    for (const kind of emptied.kinds) removed[kind] += 1;
    if (!emptied.empty) return false;
  }
  return true;
};

/**
 * Removes the sends that were decided before and claimed since the names were empty: no other follows, because a claim needs
 * the customer, who is not stored any more. So it is with a change of consent that was older than the one in force, and with a
 * message that came too late to open a session. What is stored beside a customer stays: it is of one who has come back. Nothing
 * leads to the names any more, so that no time ends this.
 */
const removeLate = async (
  table: Table,
  erase: EraseCustomer,
  { person, removed }: { readonly person: FoundPerson; readonly removed: Removed },
): Promise<void> => {
  const { messages } = removed;
  await emptyNames(table, { ...erase, goOn: () => true }, { ...person, removed, onlyLate: true });
  // Before its removal, a message counts its customer.
  if (removed.messages > messages) removed.members += (await anonymizePerson(table, { ...erase, ...person })).months;
};

/** Removes the person from the records of those who have their former numbers now. */
const forgetPast = async (table: Table, channel: string, { names, owned }: FoundPerson): Promise<void> => {
  for (const entry of names) if (!isOwned(entry)) await forgetPreviousOwner(table, { channel, entry, erased: owned });
};

/** Counts the owners of each name that others had too, while it is stored whose the messages are. */
const correctNames = async (table: Table, erase: EraseCustomer, { names }: FoundPerson): Promise<void> => {
  const shared = names.filter(({ ownedFrom, ownedUntil }) => ownedFrom !== undefined || ownedUntil !== undefined);
  for (const name of new Set(shared.map((one) => one.name))) await correctMembers(table, { ...erase, name });
};

/** Holds while the customer is what was found: a message that opened a session since counts them once more. */
const recordUnchanged = ({ tableName }: Table, channel: string, { canonical, record }: FoundPerson): Operation => ({
  ConditionCheck: {
    TableName: tableName,
    Key: { ...customerKey(channel, canonical) },
    ...itemUnchanged(record, CUSTOMER_ATTRIBUTES),
  },
});

/** How often a customer is erased again who changes meanwhile. */
const MAX_ATTEMPTS = 8;

/** Erases customers. */
export const createEraseStore = (table: Table) => ({
  /**
   * Removes every item of the customer, under every name and in the time in which it was theirs, and the claims of the
   * messages sent to them; a customer who was counted stays counted anonymously (R16). First all messages are removed,
   * which could link another name or count the customer, then the members become anonymous, and last customer, session
   * and names are removed in one transaction, while the customer is what was found first: a repetition finds what a crash
   * has left. What was recorded without a change of the customer is removed after them.
   */
  eraseCustomer: async (erase: EraseCustomer): Promise<Erased> => {
    const removed = { ...NOTHING };
    for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts += 1) {
      const person = await findPerson(table, erase.channel, erase.customer);
      await correctNames(table, erase, person);
      if (!(await emptyNames(table, erase, { ...person, removed }))) return { done: false, removed };
      const unchanged = recordUnchanged(table, erase.channel, person);
      const anonymized = await anonymizePerson(table, { ...erase, ...person, unchanged });
      removed.members += anonymized.months;
      if (!erase.goOn()) return { done: false, removed };
      if (!anonymized.done) continue;
      await forgetPast(table, erase.channel, person);
      const kinds = await removeRows(table, erase.channel, { ...person, now: erase.now });
      for (const kind of kinds ?? []) removed[kind] += 1;
      if (kinds === undefined) continue;
      await removeLate(table, erase, { person, removed });
      return { done: true, removed };
    }
    return { done: false, removed };
  },
});
