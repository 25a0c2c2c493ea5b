import type { CustomerKey } from '../../domain/customer.ts';
import { isOwned } from '../../domain/names.ts';
import type { CustomerItem } from '../items.ts';

/** Whom a fact of that second belongs to, where the name has got another owner since. */
export const previousOwnerOf = (
  { names = [] }: CustomerItem,
  name: CustomerKey,
  at: number,
): CustomerKey | undefined => {
  const known = names.find((one) => isOwned(one) && one.name === name);
  return known?.ownedFrom !== undefined && known.ownedFrom > at ? known.previousOwner : undefined;
};
