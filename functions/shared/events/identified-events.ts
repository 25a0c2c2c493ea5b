import type { CustomerKey } from '../domain/customer.ts';
import type { EventOf } from '../domain/events.ts';
import { isOwned, ownedName } from '../domain/names.ts';
import { toInstant } from '../domain/time.ts';
import type { Change } from '../store/changes.ts';
import type { CustomerItem } from '../store/items.ts';

type ChangeOf<K extends Change['kind']> = Extract<Change, { kind: K }>;

/** The name leads to the customer from now on; a tombstone whose customer has only another canonical name says nothing. */
export const identifiedEvents = ({
  channel,
  customer: name,
  to: customer,
  isNew,
  tombstone,
}: ChangeOf<'merge'>): readonly EventOf<'customer.identified'>[] => {
  const { learnedAt, learnedFrom, names = [], window } = tombstone;
  if (!isNew || learnedAt === undefined) return [];
  const left = window && { state: window.state, expiresAt: toInstant(window.expiresAt) };
  return [
    {
      type: 'customer.identified',
      identity: [channel, name, customer, learnedAt],
      detail: {
        occurredAt: toInstant(learnedAt),
        channel,
        customer,
        sessionId: window?.sessionId,
        data: { name, names: [...names], learnedFrom, window: left },
      },
    },
  ];
};

/** When the customers that a name and its former target name became two; an erased customer leaves neither. */
const separatedAt = (name: CustomerKey, target: CustomerKey, { names = [], knownSince }: CustomerItem) => {
  const own = ownedName(names, name);
  const lost = names.findLast((one) => !isOwned(one) && one.name === target);
  return knownSince === undefined ? undefined : (own?.ownedFrom ?? lost?.ownedUntil);
};

/** A name that led to another customer, and names one itself from now on. */
export const separatedEvents = ({
  channel,
  customer,
  before,
  after,
  changedAt,
}: ChangeOf<'customer'>): readonly EventOf<'customer.identified'>[] => {
  const target = before?.movedTo;
  if (target === undefined || after === undefined || after.movedTo !== undefined) return [];
  const owned = (after.names ?? []).filter(isOwned).map(({ name }) => name);
  const at = owned.includes(target) ? undefined : separatedAt(customer, target, after);
  if (at === undefined) return [];
  const data = { name: customer, names: owned };
  // As of every link, so that the newest of them says whom a name leads to.
  const learnedAt = changedAt ?? at;
  return [
    {
      type: 'customer.identified',
      identity: [channel, customer, customer, learnedAt],
      detail: { occurredAt: toInstant(learnedAt), channel, customer, data },
    },
  ];
};
