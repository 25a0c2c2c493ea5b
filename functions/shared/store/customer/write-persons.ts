import type { CustomerKey } from '../../domain/customer.ts';
import type { PlannedPerson } from '../../domain/link-plan.ts';
import { endOfName, isOwned, type LearnedFrom, ownedName, owns } from '../../domain/names.ts';
import { epochSeconds, isOpen } from '../../domain/window.ts';
import { dueAttributes } from '../due/due-entry.ts';
import type { Table } from '../dynamo/client.ts';
import { itemUnchanged } from '../dynamo/item-unchanged.ts';
import type { Item } from '../dynamo/read-items.ts';
import type { Operation } from '../dynamo/transaction.ts';
import { CustomerItem, type SessionItem, type Tombstone } from '../items.ts';
import type { ItemKey } from '../keys.ts';
import { type MergedState, maxOf, mergeStates, type PartitionState } from './merge-customers.ts';
import { CUSTOMER_ATTRIBUTES, rowsOf, SESSION_ATTRIBUTES, type StoredPerson } from './read-persons.ts';

export interface WritePersons {
  readonly channel: string;
  readonly before: readonly StoredPerson[];
  readonly after: readonly PlannedPerson[];
  readonly learnedFrom: LearnedFrom;
  readonly now: Date;
}

/** An item to store under a key; none where it is removed. */
interface Row {
  readonly key: ItemKey;
  readonly item: Item | undefined;
}

interface Rows {
  readonly session: Row;
  readonly record: Row;
}

const EMPTY_RECORD = CustomerItem.parse({});

const stateOf = ({ session, record = EMPTY_RECORD }: StoredPerson): PartitionState => ({ session, record });

const ownNames = ({ names }: PlannedPerson): readonly CustomerKey[] => names.filter(isOwned).map(({ name }) => name);

/** The stored session with this id, with every attribute that it has. */
const storedSession = ({ before }: WritePersons, sessionId: string): StoredPerson | undefined =>
  before.find(({ session }) => session?.sessionId === sessionId);

/** The session in the partition of a name whose customer has lost that name. */
const leftSession = ({ before }: WritePersons, { takes }: PlannedPerson, name: CustomerKey): string | undefined =>
  before.find((one) => one.canonical === name && !takes.includes(name))?.session?.sessionId;

/** What a session that comes from the partition of another name remembers of it. */
const carriedFrom = ({ now }: WritePersons, name: CustomerKey, { openedAs = name }: SessionItem) => ({
  carriedAt: epochSeconds(now),
  openedAs,
});

const toSessionItem = (write: WritePersons, person: PlannedPerson, { session }: MergedState): Item | undefined => {
  if (session === undefined) return undefined;
  const { canonical } = person;
  const source = storedSession(write, session.sessionId);
  const stored = source?.stored.session;
  const others = ownNames(person).filter((name) => name !== canonical);
  const isCarried = source !== undefined && source.canonical !== canonical;
  const carried = isCarried ? carriedFrom(write, source.canonical, session) : undefined;
  // The sweep may have passed an end that it read under another name: a session that moved after its end is due from then on.
  const { carriedAt = 0 } = { ...session, ...carried };
  const dueAt = Math.max(session.expiresAt, carriedAt);
  const due = { kind: 'session', channel: write.channel, customer: canonical, dueAt } as const;
  return {
    ...stored,
    ...session,
    names: others.length === 0 ? undefined : new Set(others),
    ...carried,
    leftSession: leftSession(write, person, canonical),
    // A closed session has left the due index.
    ...(stored?.['dueAt'] === undefined ? {} : dueAttributes(due)),
  };
};

const toWindow = ({ now }: WritePersons, { session }: MergedState): Tombstone['window'] =>
  session && {
    sessionId: session.sessionId,
    state: isOpen(session, now) ? 'open' : 'closed',
    expiresAt: session.expiresAt,
  };

const toCustomerItem = (write: WritePersons, person: PlannedPerson, merged: MergedState): Item => {
  const { record } = merged;
  const { names, takes, canonical } = person;
  const taken = write.before.filter((one) => takes.includes(one.canonical));
  const own = taken.find((one) => one.canonical === canonical);
  const stored = [...taken, ...(own === undefined ? [] : [own])].map((one) => one.stored.record);
  return {
    ...Object.assign({}, ...stored),
    ...record,
    slotHolders: record.slotHolders.size === 0 ? undefined : record.slotHolders,
    names,
    knownSince: record.knownSince ?? epochSeconds(write.now),
    ownedFrom: maxOf(names.map(({ ownedFrom }) => ownedFrom)),
    movedTo: undefined,
    until: undefined,
    phone: undefined,
    userId: undefined,
    countedAs: undefined,
    consentFrom: undefined,
    marketingFrom: undefined,
    window: toWindow(write, merged),
  };
};

const toTombstone = (write: WritePersons, person: PlannedPerson, merged: MergedState): Tombstone => ({
  movedTo: person.canonical,
  learnedAt: epochSeconds(write.now),
  learnedFrom: write.learnedFrom,
  names: [...ownNames(person)],
  window: toWindow(write, merged),
});

const rowsOfPerson = (write: WritePersons, person: PlannedPerson): readonly Rows[] => {
  const { before, channel } = write;
  const statesOf = (canonicals: readonly CustomerKey[]) =>
    before.filter(({ canonical }) => canonicals.includes(canonical)).map(stateOf);
  const merged = mergeStates(statesOf(person.takes), statesOf(person.numbersOf));
  const tombstone = toTombstone(write, person, merged);
  return person.names.filter(isOwned).map((name): Rows => {
    const keys = rowsOf(channel, name.name);
    const isCanonical = name.name === person.canonical;
    const until = endOfName(name);
    return {
      session: {
        key: keys.session,
        item: isCanonical
          ? toSessionItem(write, person, merged)
          : { ...tombstone, until, leftSession: leftSession(write, person, name.name) },
      },
      record: {
        key: keys.record,
        item: isCanonical ? toCustomerItem(write, person, merged) : { movedTo: person.canonical, until },
      },
    };
  });
};

/** What is stored under a name before: the person's items, or a tombstone that leads to them. */
const ownerOf = ({ before }: WritePersons, name: CustomerKey): StoredPerson | undefined =>
  before.find((person) => owns(person, name));

interface Guard {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, unknown>;
}

const isTombstoneOf = (canonical: CustomerKey): Guard => ({
  ConditionExpression: 'attribute_not_exists(pk) OR movedTo = :canonical',
  ExpressionAttributeValues: { ':canonical': canonical },
});

const toOperation = ({ tableName: TableName }: Table, { key, item }: Row, guard: Guard): Operation =>
  item === undefined
    ? { Delete: { TableName, Key: { ...key }, ...guard } }
    : { Put: { TableName, Item: { ...item, ...key }, ...guard } };

/** A live session that leaves a partition without another one leaves a mark: its removal would look like its end. */
const vacated = (write: WritePersons, { key, item }: Row, owner: StoredPerson | undefined): Row => {
  const isLive = owner?.session !== undefined && owner.session.phase !== 'closed';
  if (item !== undefined || !isLive) return { key, item };
  const vacatedAt = epochSeconds(write.now);
  return { key, item: { vacatedAt, expiresAt: vacatedAt } };
};

/** A tombstone in the place of one that led to another name of the same person. */
const renewed = ({ key, item }: Row): Row => ({
  key,
  item: item?.['movedTo'] === undefined ? item : { ...item, isRenewed: true },
});

const operationsOf = (table: Table, write: WritePersons, { name, rows, names }: NamedRows): readonly Operation[] => {
  const owner = ownerOf(write, name);
  if (owner === undefined || owner.canonical === name) {
    const { session, record } = owner?.stored ?? {};
    return [
      toOperation(table, vacated(write, rows.session, owner), itemUnchanged(session, SESSION_ATTRIBUTES)),
      toOperation(table, rows.record, itemUnchanged(record, CUSTOMER_ATTRIBUTES)),
    ];
  }
  const before = ownedName(owner.names, name);
  const { movedTo, until } = rows.record.item ?? {};
  // A tombstone that stays as it is costs nothing.
  if (movedTo === owner.canonical && until === (before && endOfName(before))) return [];
  const guard = isTombstoneOf(owner.canonical);
  const session = names.includes(owner.canonical) ? renewed(rows.session) : rows.session;
  return [toOperation(table, session, guard), toOperation(table, rows.record, guard)];
};

interface NamedRows {
  readonly name: CustomerKey;
  readonly rows: Rows;
  /** The person's, after the link. */
  readonly names: readonly CustomerKey[];
}

/**
 * The writes that leave every person as planned, all or nothing: the state of each under one name, a tombstone that holds
 * none under each other one. Each is conditional on what was read, so that no writer in between is lost.
 */
export const writePersons = (table: Table, write: WritePersons): readonly Operation[] =>
  write.after.flatMap((person) => {
    const names = ownNames(person);
    return rowsOfPerson(write, person).flatMap((rows, index) => {
      const name = names[index];
      return name === undefined ? [] : operationsOf(table, write, { name, rows, names });
    });
  });
