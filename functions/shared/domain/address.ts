import { type CustomerKey, isPhone } from './customer.ts';
import { isCurrent, type KnownName, ownedName } from './names.ts';

/** Whether a message to this name reaches the person: not a number, or another spelling of it, that they gave up. */
const reaches = (known: KnownName, names: readonly KnownName[]): boolean =>
  isCurrent(known) && names.every(({ name, ...spelled }) => name !== known.spells || isCurrent({ name, ...spelled }));

/** Whether WhatsApp accepts a user id: `unless_number`: only where no number is known; `none`: not at all. */
export type AcceptedUserIds = 'all' | 'unless_number' | 'none';

/**
 * The name that a message is sent to: the one that was asked for, else the canonical one, which is a number where one is
 * known; `undefined` where no name of the customer is accepted.
 */
export const addressOf = (
  to: CustomerKey,
  { customer, names }: { readonly customer: CustomerKey; readonly names: readonly KnownName[] },
  userIds: AcceptedUserIds,
): CustomerKey | undefined => {
  const known = ownedName(names, to);
  const address = known === undefined || reaches(known, names) ? to : customer;
  if (userIds === 'all' || isPhone(address)) return address;
  return userIds === 'unless_number' || isPhone(customer) ? customer : undefined;
};
