import type { CustomerKey } from '../../domain/customer.ts';
import { isOwned, type KnownName } from '../../domain/names.ts';

/** A name under which a person's messages and changes of consent are stored, and the seconds in which it was theirs. */
export interface NamePeriod {
  readonly name: CustomerKey;
  /** Epoch seconds, included. */
  readonly from: number;
  /** Epoch seconds, not included. */
  readonly until: number;
}

const EVER = { from: 0, until: Number.MAX_SAFE_INTEGER };

/** Whether the name leads to the person still. */
export const hasNoEnd = ({ until }: NamePeriod): boolean => until === EVER.until;

/** Every name of a person, also those that have another owner now, with the time in which each was theirs. */
export const periodsOf = (canonical: CustomerKey, names: readonly KnownName[]): readonly NamePeriod[] =>
  names.length === 0
    ? [{ name: canonical, ...EVER }]
    : names.map(({ name, ownedFrom = EVER.from, ownedUntil = EVER.until }) => ({
        name,
        from: ownedFrom,
        until: ownedUntil,
      }));

/** The names that lead to the person now. */
export const ownedNames = (canonical: CustomerKey, names: readonly KnownName[]): readonly CustomerKey[] =>
  names.length === 0 ? [canonical] : names.filter(isOwned).map(({ name }) => name);
