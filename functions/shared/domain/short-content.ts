import * as z from 'zod';
import { beginningOf } from './beginning.ts';

/** Together far below the 256 KB of an event, whatever is in them: JSON needs at most 6 bytes for a UTF-16 unit. */
const MAX_TEXT = 4_000;
const MAX_URL = 1_000;
const MAX_FIELD = 100;
const MAX_CONTACTS = 20;
const MAX_PHONES = 3;
const MAX_ERRORS = 3;

const textOf = (maxLength: number) =>
  z
    .string()
    .transform((text) => beginningOf(text, maxLength))
    .optional()
    .catch(undefined);
const field = textOf(MAX_FIELD);

const beginningOfList = <T>(element: z.ZodType<T>, length: number) =>
  z
    .array(z.unknown())
    .transform((list) => list.slice(0, length).flatMap((one) => element.safeParse(one).data ?? []))
    .optional()
    .catch(undefined);

const Contact = z.object({
  name: z.object({ formatted: field, first: field, last: field }).optional().catch(undefined),
  phones: beginningOfList(z.object({ phone: field, type: field, waId: field }), MAX_PHONES),
});

const Fault = z.object({ code: field, title: field, details: field });

/** The parts of each type that an agent needs: who a card names, where a place is, what a tap or a text says. */
const Short = z.object({
  type: z.string(),
  text: textOf(MAX_TEXT),
  caption: textOf(MAX_TEXT),
  contacts: beginningOfList(Contact, MAX_CONTACTS),
  errors: beginningOfList(Fault, MAX_ERRORS),
  latitude: z.number().optional().catch(undefined),
  longitude: z.number().optional().catch(undefined),
  url: textOf(MAX_URL),
  ...Object.fromEntries(
    [
      'mediaId',
      'mimeType',
      'sha256',
      'filename',
      'name',
      'address',
      'body',
      'id',
      'title',
      'description',
      'payload',
      'messageId',
      'emoji',
      'kind',
      'reason',
      'event',
      'catalogId',
    ].map((name) => [name, field]),
  ),
});

/** Content of any size, cut to its type and the parts that matter: at most some 200 KB. */
export const shortContent = (content: { readonly type: string }): { readonly type: string } => Short.parse(content);
