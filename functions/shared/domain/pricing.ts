import * as z from 'zod';

/** The price of a message as the provider reports it and the API shows it: a category, never an amount. */
export const PriceView = z.object({
  category: z.string().meta({ description: 'The price category: `service`, `utility`, `marketing` and so on' }),
  type: z.string().optional().meta({ description: '`regular` is paid, types that begin with `free_` are free' }),
  billable: z
    .boolean()
    .optional()
    .meta({ description: 'Decides where there is no `type`; WhatsApp is phasing it out' }),
});

/** The price of a message as it is stored; `model` says whether messages or conversations are priced. */
export const Pricing = PriceView.extend({ model: z.string().optional() });
export type Pricing = z.infer<typeof Pricing>;

const IDENTIFIER = /^[a-z0-9_]{1,40}$/;

/** Hyphens become underscores, since providers write both; a value that is no identifier becomes `other`. */
const Identifier = z.string().transform((text) => {
  const name = text.replaceAll('-', '_');
  return IDENTIFIER.test(name) ? name : 'other';
});

const Reading = z.object({
  category: Identifier,
  type: Identifier.optional().catch(undefined),
  billable: z.boolean().optional().catch(undefined),
  model: z
    .string()
    .regex(/^\w{1,40}$/)
    .optional()
    .catch(undefined),
});

/** Reads a provider's price; a field that cannot be read counts as absent, and without a category so does the price. */
export const readPricing = (raw: unknown): Pricing | undefined => Reading.safeParse(raw).data;

/** Whether a message is paid; `undefined` while the provider has not reported it. An unknown type is ignored. */
export const isPaid = ({ type, billable }: Pricing): boolean | undefined => {
  if (type === 'regular') return true;
  return type?.startsWith('free_') === true ? false : billable;
};

/** Shows a price without its pricing model. */
export const toPriceView = (pricing: Pricing | undefined): z.infer<typeof PriceView> | undefined =>
  pricing === undefined ? undefined : { category: pricing.category, type: pricing.type, billable: pricing.billable };
