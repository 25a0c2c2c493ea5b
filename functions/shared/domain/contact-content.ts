import * as z from 'zod';
import { characters } from './content-fields.ts';

const short = characters(256);

/** A field of a card that may be unset: cards of customers have empty texts and nulls there. */
const unset = z
  .string()
  .max(256, 'has more than 256 characters')
  .nullish()
  .transform((text) => text?.trim() || undefined)
  .optional();

const Name = z.strictObject({
  formatted: short.optional(),
  first: unset,
  last: unset,
  middle: unset,
  prefix: unset,
  suffix: unset,
});

const Phone = z
  .strictObject({
    phone: unset,
    type: unset,
    waId: unset.meta({ description: 'The number on WhatsApp, in digits: the card then offers to write to it' }),
  })
  .transform(({ phone, ...rest }, context) => {
    const number = phone ?? (rest.waId === undefined ? undefined : `+${rest.waId}`);
    if (number !== undefined) return { phone: number, ...rest };
    context.addIssue({ code: 'custom', path: ['phone'], message: 'is required' });
    return z.NEVER;
  });

const upTo20 = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .max(20)
    .nullish()
    .transform((list) => list ?? undefined)
    .optional();

const Card = z.strictObject({
  name: Name.nullish(),
  phones: upTo20(Phone),
  emails: upTo20(z.strictObject({ email: short, type: unset })),
  org: z
    .strictObject({ company: unset, department: unset, title: unset })
    .nullish()
    .transform((org) => org ?? undefined)
    .optional(),
  urls: upTo20(z.strictObject({ url: characters(2_000), type: unset })),
  addresses: upTo20(
    z.strictObject({
      street: unset,
      city: unset,
      state: unset,
      zip: unset,
      country: unset,
      countryCode: unset,
      type: unset,
    }),
  ),
  birthday: z.iso.date().optional(),
  vcard: z.unknown().optional().meta({ description: 'Of a card from the thread; not sent on' }),
  origin: z.unknown().optional().meta({ description: 'Of a card from the thread; not sent on' }),
});

/** WhatsApp needs a name to show: of a card without a formatted one its parts, else its company or its number. */
const formattedName = ({ name, org, phones = [] }: z.output<typeof Card>): string | undefined => {
  if (typeof name?.formatted === 'string') return name.formatted;
  const { prefix, first, middle, last, suffix } = name ?? {};
  const parts = [prefix, first, middle, last, suffix].filter((part) => part !== undefined).join(' ');
  return [parts, org?.company, phones[0]?.phone].find((text) => text !== undefined && text !== '');
};

/** One contact card, in the shape in which the thread has a customer's card, so that one can be sent on as it is. */
export const Contact = Card.transform((card, context) => {
  const { vcard: _, origin: __, ...contact } = card;
  const formatted = formattedName(card);
  if (formatted !== undefined) return { ...contact, name: { ...card.name, formatted } };
  context.addIssue({ code: 'custom', path: ['name', 'formatted'], message: 'is required' });
  return z.NEVER;
}).meta({ id: 'Contact' });
export type Contact = z.infer<typeof Contact>;

export const Contacts = z
  .strictObject({ type: z.literal('contacts'), contacts: z.array(Contact).min(1).max(20) })
  .meta({ id: 'ContactsContent' });
