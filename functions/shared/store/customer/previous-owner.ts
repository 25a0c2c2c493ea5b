import type { CustomerKey } from '../../domain/customer.ts';
import type { KnownName } from '../../domain/names.ts';
import type { CustomerItem } from '../items.ts';

const endOf = ({ ownedUntil = Number.POSITIVE_INFINITY }: KnownName): number => ownedUntil;

/** Two owners in the same second leave a time that lasted no second. */
const isEmpty = (one: KnownName): boolean => one.ownedFrom !== undefined && one.ownedFrom >= endOf(one);

/** Whom a fact of that second belongs to, where the customer had the name, or has it, from a later second on. */
export const previousOwnerOf = (
  { names = [] }: CustomerItem,
  name: CustomerKey,
  at: number,
): CustomerKey | undefined => {
  const [time] = names
    .filter((one) => one.name === name && endOf(one) > at && !isEmpty(one))
    .toSorted((one, other) => endOf(one) - endOf(other));
  return time?.ownedFrom !== undefined && time.ownedFrom > at ? time.previousOwner : undefined;
};
