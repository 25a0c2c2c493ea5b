import * as z from 'zod';

/** What a provider says a message costs, as others are told: a category, never an amount. */
export const PriceView = z.object({
  category: z.string().meta({ description: 'What it is charged as: `service`, `utility`, `marketing` and so on' }),
  type: z.string().optional().meta({ description: '`regular` is paid for, what begins with `free_` is not' }),
  billable: z.boolean().optional().meta({ description: 'Decides where there is no `type`; WhatsApp is giving it up' }),
});

/** What a provider says a message costs, as it is kept; `model` is what it is priced by: message or conversation. */
export const Pricing = PriceView.extend({ model: z.string().optional() });
export type Pricing = z.infer<typeof Pricing>;

const WORD = /^[a-z0-9_]{1,40}$/;

/** Some words are spelled with a hyphen here and an underscore there; what is no word at all is `other`. */
const Word = z.string().transform((text) => {
  const word = text.replaceAll('-', '_');
  return WORD.test(word) ? word : 'other';
});

const Reading = z.object({
  category: Word,
  type: Word.optional().catch(undefined),
  billable: z.boolean().optional().catch(undefined),
  model: z
    .string()
    .regex(/^\w{1,40}$/)
    .optional()
    .catch(undefined),
});

/** Reads what a provider says of the price; what cannot be read counts as absent, all of it without a category. */
export const readPricing = (raw: unknown): Pricing | undefined => Reading.safeParse(raw).data;

/** Whether a message is paid for; `undefined` while nobody says. A type that nobody knows decides nothing. */
export const isPaid = ({ type, billable }: Pricing): boolean | undefined => {
  if (type === 'regular') return true;
  return type?.startsWith('free_') === true ? false : billable;
};

/** Shows a price to others; the pricing model stays with us. */
export const toPriceView = (pricing: Pricing | undefined): z.infer<typeof PriceView> | undefined =>
  pricing === undefined ? undefined : { category: pricing.category, type: pricing.type, billable: pricing.billable };
