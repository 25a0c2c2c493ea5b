import { type CustomerKey, isPhone } from './customer.ts';
import { isCurrent, type KnownName } from './names.ts';

/** Whether a message to this name reaches the person: not a number, or another spelling of it, that they gave up. */
const reaches = (known: KnownName, names: readonly KnownName[]): boolean =>
  isCurrent(known) && names.every(({ name, ...spelled }) => name !== known.spells || isCurrent({ name, ...spelled }));

/**
 * The name that a message is sent to: the one that was asked for, else the canonical one. `numberOnly`: WhatsApp accepts
 * no user id; `undefined` where the customer has no number.
 */
export const addressOf = (
  to: CustomerKey,
  { customer, names }: { readonly customer: CustomerKey; readonly names: readonly KnownName[] },
  { numberOnly }: { readonly numberOnly: boolean },
): CustomerKey | undefined => {
  const known = names.find(({ name, ownedUntil }) => name === to && ownedUntil === undefined);
  const address = known === undefined || reaches(known, names) ? to : customer;
  if (!numberOnly || isPhone(address)) return address;
  return isPhone(customer) ? customer : undefined;
};
