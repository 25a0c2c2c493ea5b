import * as z from 'zod';
import { type CustomerKey, isPhone } from './customer.ts';
import { Instant } from './instant.ts';
import { isOwned, type KnownName, LEARNED_FROM, NAME_KINDS } from './names.ts';
import { toInstant } from './time.ts';

/** One name of a customer as the API shows it. */
export const NameView = z
  .object({
    name: z.string(),
    kind: z.enum(NAME_KINDS).meta({
      description:
        '`wa_id`: the number as WhatsApp writes it; `number`: as others write it; `user_id`: of the provider',
    }),
    since: Instant.nullable().meta({
      description: 'The provider’s time of the report that linked it; null for the only name known',
    }),
    learnedFrom: z.enum(LEARNED_FROM).nullable().meta({ description: 'What the provider reported it with' }),
  })
  .meta({ id: 'Name' });
export type NameView = z.infer<typeof NameView>;

/** The names of a customer, as fields of an answer. */
export const NamedView = {
  customer: z.string().meta({ description: 'The canonical name: the number where it is known, else the user id' }),
  names: z.array(NameView).meta({ description: 'Every name of the customer; a call may use any of them' }),
};

/** A customer under all names, as the store reads them. */
export interface NamedCustomer {
  /** The canonical name. */
  readonly customer: CustomerKey;
  /** Every name, once there are several. */
  readonly names: readonly KnownName[];
}

/** Shows the names by which a customer is found now; of a customer with one name, that one. */
export const toNamesView = ({ customer, names }: NamedCustomer): NameView[] =>
  names.length === 0
    ? [{ name: customer, kind: isPhone(customer) ? 'number' : 'user_id', since: null, learnedFrom: null }]
    : names
        .filter(isOwned)
        .map(({ name, kind, since, learnedFrom }) => ({ name, kind, since: toInstant(since), learnedFrom }));
