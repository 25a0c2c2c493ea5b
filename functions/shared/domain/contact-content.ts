import * as z from 'zod';
import { characters, HttpUrl } from './content-fields.ts';

const short = characters(256);
/** One contact card. */
export const Contact = z
  .strictObject({
    name: z.strictObject({
      formatted: short,
      first: short.optional(),
      last: short.optional(),
      middle: short.optional(),
      prefix: short.optional(),
      suffix: short.optional(),
    }),
    phones: z
      .array(z.strictObject({ phone: short, type: short.optional() }))
      .max(20)
      .optional(),
    emails: z
      .array(z.strictObject({ email: short, type: short.optional() }))
      .max(20)
      .optional(),
    org: z
      .strictObject({ company: short.optional(), department: short.optional(), title: short.optional() })
      .optional(),
    urls: z
      .array(z.strictObject({ url: HttpUrl, type: short.optional() }))
      .max(20)
      .optional(),
    addresses: z
      .array(
        z.strictObject({
          street: short.optional(),
          city: short.optional(),
          state: short.optional(),
          zip: short.optional(),
          country: short.optional(),
          countryCode: short.optional(),
          type: short.optional(),
        }),
      )
      .max(20)
      .optional(),
    birthday: z.iso.date().optional(),
  })
  .meta({ id: 'Contact' });
export type Contact = z.infer<typeof Contact>;

export const Contacts = z
  .strictObject({ type: z.literal('contacts'), contacts: z.array(Contact).min(1).max(20) })
  .meta({ id: 'ContactsContent' });
