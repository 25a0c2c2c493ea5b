import { type CustomerKey, type Identities, isPhone } from './customer.ts';
import { type NameLink, ownName } from './names.ts';

/** The customer of a message as far as its recipient may add to their names. */
export interface Recipient {
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly names: readonly CustomerKey[];
}

/**
 * What the names by which the provider knows the recipient of a message add to those of its customer, whose number may be
 * written otherwise; `undefined` where they add nothing.
 */
export const recipientLink = (
  { channel, customer, names }: Recipient,
  reported: Identities | undefined,
): Pick<NameLink, 'channel' | 'names'> | undefined => {
  const own = [reported?.phone, reported?.userId].filter((name) => name !== undefined);
  if (own.every((name) => name === customer || names.includes(name))) return undefined;
  const kind = isPhone(customer) ? 'number' : 'user_id';
  return {
    channel,
    names: [...(own.includes(customer) ? [] : [{ name: customer, kind } as const]), ...own.map(ownName)],
  };
};
