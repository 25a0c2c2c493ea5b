import type { CustomerKey } from '../domain/customer.ts';
import type { EventOf } from '../domain/events.ts';
import { isOwned, newOwnerSince, ownedName } from '../domain/names.ts';
import { toInstant } from '../domain/time.ts';
import type { Change } from '../store/changes.ts';
import type { CustomerItem, StoredConsent, Tombstone } from '../store/items.ts';

type ChangeOf<K extends Change['kind']> = Extract<Change, { kind: K }>;

const toWindow = (window: Tombstone['window']) =>
  window && { state: window.state, expiresAt: toInstant(window.expiresAt) };

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
  return [
    {
      type: 'customer.identified',
      identity: [channel, name, customer, learnedAt],
      detail: {
        occurredAt: toInstant(learnedAt),
        channel,
        customer,
        sessionId: window?.sessionId,
        data: { name, names: [...names], learnedFrom, window: toWindow(window) },
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

const inForce = (consent: StoredConsent | undefined) =>
  consent === undefined ? null : { state: consent.state, effectiveAt: toInstant(consent.effectiveAt) };

type CustomerChange = ChangeOf<'customer'>;

interface Anew {
  readonly after: CustomerItem;
  readonly at: number;
  readonly identity: readonly (string | number)[];
  /** Where it has a new owner. */
  readonly since?: number | undefined;
}

/** All that is known of a customer whose name was another one's, or another person's: it replaces what was published before. */
const anew = (
  { channel, customer }: CustomerChange,
  { after, at, identity, since }: Anew,
): EventOf<'customer.identified'> => {
  const { names = [], window, consent, marketing, consentVersion: version } = after;
  return {
    type: 'customer.identified',
    // A name may go back and forth in one second.
    identity: [channel, customer, customer, ...identity, window?.sessionId ?? '', version],
    detail: {
      occurredAt: toInstant(at),
      channel,
      customer,
      sessionId: window?.sessionId,
      data: {
        name: customer,
        names: names.filter(isOwned).map(({ name }) => name),
        window: toWindow(window),
        consent: { all: inForce(consent), marketing: inForce(marketing), version },
        newOwnerSince: since === undefined ? undefined : toInstant(since),
      },
    },
  };
};

/** A name that led to another customer, and names one itself from now on. */
const separatedEvents = (
  change: CustomerChange,
  target: CustomerKey,
  after: CustomerItem,
): readonly EventOf<'customer.identified'>[] => {
  const { customer, changedAt } = change;
  const own = ownedName(after.names ?? [], customer);
  const isOfTarget = ownedName(after.names ?? [], target) !== undefined;
  const separated = isOfTarget ? undefined : separatedAt(customer, target, after);
  if (separated === undefined) return [];
  // As of every link, so that the newest of them says whom a name leads to.
  const at = changedAt ?? separated;
  const since = own?.previousOwner === undefined ? undefined : own.ownedFrom;
  return [anew(change, { after, at, identity: [at], since })];
};

/** A number that named a customer, and names another one from now on. */
const newOwnerEvents = (
  change: CustomerChange,
  before: CustomerItem,
  after: CustomerItem,
): readonly EventOf<'customer.identified'>[] => {
  const { customer, changedAt } = change;
  const since = newOwnerSince(customer, before.names, after.names);
  if (since === undefined) return [];
  const at = changedAt ?? since;
  return [anew(change, { after, at, identity: [at, since], since })];
};

/** A name that names another customer than before. */
export const ownNameEvents = (change: CustomerChange): readonly EventOf<'customer.identified'>[] => {
  const { before, after } = change;
  if (before === undefined || after === undefined || after.movedTo !== undefined) return [];
  return before.movedTo === undefined
    ? newOwnerEvents(change, before, after)
    : separatedEvents(change, before.movedTo, after);
};
