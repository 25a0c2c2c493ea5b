import * as z from 'zod';
import { CustomerName } from './customer.ts';

/** A text of `min` to `max` characters, counted in code points, so that an emoji is not two. */
const characters = (max: number, min = 1) =>
  z
    .string()
    .superRefine((value, context) => {
      const length = Array.from(value).length;
      if (length < min) context.addIssue({ code: 'custom', message: 'must not be empty' });
      if (length > max)
        context.addIssue({ code: 'custom', message: `has ${length} characters, WhatsApp takes ${max} at most` });
    })
    .meta({ minLength: min, maxLength: max });

const HttpUrl = z
  .url({ protocol: /^https?$/, error: 'is not an http(s) URL that WhatsApp can fetch' })
  .max(2_000, 'has more than 2000 characters');

const oneSource = (value: { url?: string | undefined; mediaId?: string | undefined }, context: z.RefinementCtx) => {
  if ((value.url === undefined) === (value.mediaId === undefined))
    context.addIssue({ code: 'custom', path: ['url'], message: 'give either url or mediaId' });
};

const source = { url: HttpUrl.optional(), mediaId: z.string().min(1).max(256).optional() };
const caption = characters(1_024).optional();

/** The id of a thread item: ours (`msg_…`) or the customer's own. */
const ThreadItemId = z.string().min(1).max(512);

const mustDiffer = (values: readonly string[], what: string, context: z.RefinementCtx) => {
  if (new Set(values).size !== values.length) context.addIssue({ code: 'custom', message: `${what} must differ` });
};

const Text = z
  .strictObject({ type: z.literal('text'), text: characters(4_096), previewUrl: z.boolean().optional() })
  .meta({ id: 'TextContent' });
const Image = z
  .strictObject({ type: z.literal('image'), ...source, caption })
  .superRefine(oneSource)
  .meta({ id: 'ImageContent' });
const Video = z
  .strictObject({ type: z.literal('video'), ...source, caption })
  .superRefine(oneSource)
  .meta({ id: 'VideoContent', description: 'MP4 (H.264, AAC) or 3GPP, 16 MB at most' });
const Document = z
  .strictObject({ type: z.literal('document'), ...source, caption, filename: characters(240).optional() })
  .superRefine(oneSource)
  .meta({ id: 'DocumentContent' });
const Audio = z
  .strictObject({ type: z.literal('audio'), ...source })
  .superRefine(oneSource)
  .meta({ id: 'AudioContent' });
const Sticker = z
  .strictObject({ type: z.literal('sticker'), ...source })
  .superRefine(oneSource)
  .meta({ id: 'StickerContent' });

const degrees = (most: number) => {
  const range = `is a number of degrees from -${most} to ${most}`;
  return z.number(range).min(-most, range).max(most, range);
};

const Location = z
  .strictObject({
    type: z.literal('location'),
    latitude: degrees(90),
    longitude: degrees(180),
    name: characters(1_000).optional(),
    address: characters(1_000).optional(),
  })
  .meta({ id: 'LocationContent' });

const short = characters(256);
const Contact = z
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
const Contacts = z
  .strictObject({ type: z.literal('contacts'), contacts: z.array(Contact).min(1).max(20) })
  .meta({ id: 'ContactsContent' });

const Buttons = z
  .strictObject({
    type: z.literal('buttons'),
    body: characters(1_024),
    header: characters(60).optional(),
    footer: characters(60).optional(),
    buttons: z
      .array(z.strictObject({ id: characters(256), title: characters(20) }))
      .min(1, 'needs at least one button')
      .max(3, 'WhatsApp takes 3 buttons at most')
      .superRefine((buttons, context) => {
        mustDiffer(
          buttons.map(({ id }) => id),
          'button ids',
          context,
        );
        mustDiffer(
          buttons.map(({ title }) => title),
          'button titles',
          context,
        );
      }),
  })
  .meta({ id: 'ButtonsContent' });

const Row = z.strictObject({ id: characters(200), title: characters(24), description: characters(72).optional() });
const Section = z.strictObject({
  title: characters(24).optional(),
  rows: z.array(Row).min(1, 'needs at least one row'),
});

const withinListLimits = (sections: readonly z.infer<typeof Section>[], context: z.RefinementCtx) => {
  const rowIds = sections.flatMap(({ rows }) => rows.map(({ id }) => id));
  mustDiffer(rowIds, 'row ids', context);
  if (rowIds.length > 10)
    context.addIssue({ code: 'custom', message: `have ${rowIds.length} rows in all, WhatsApp takes 10 at most` });
  for (const [index, { title }] of sections.entries())
    if (sections.length > 1 && title === undefined)
      context.addIssue({
        code: 'custom',
        path: [index, 'title'],
        message: 'is required when there are several sections',
      });
};

const List = z
  .strictObject({
    type: z.literal('list'),
    body: characters(4_096),
    button: characters(20),
    header: characters(60).optional(),
    footer: characters(60).optional(),
    sections: z.array(Section).min(1).max(10).superRefine(withinListLimits),
  })
  .meta({ id: 'ListContent' });

const Reaction = z
  .strictObject({
    type: z.literal('reaction'),
    messageId: ThreadItemId,
    emoji: characters(16, 0).meta({ description: 'One emoji; empty to take the reaction back' }),
  })
  .meta({ id: 'ReactionContent' });

/** Free-form content that may go only while the customer care session is open; limits are WhatsApp's own. */
export const SessionContent = z
  .discriminatedUnion('type', [
    Text,
    Image,
    Video,
    Document,
    Audio,
    Sticker,
    Location,
    Contacts,
    Buttons,
    List,
    Reaction,
  ])
  .meta({ id: 'SessionContent' });
export type SessionContent = z.infer<typeof SessionContent>;

/** One parameter of a template, in WhatsApp's own shape; its kind is checked against the registered template. */
const TemplateParameter = z
  .looseObject({ type: z.string(), parameter_name: z.string().optional() })
  .meta({ id: 'TemplateParameter' });

/** One component with its parameters, in WhatsApp's own shape. */
const TemplateComponentContent = z
  .strictObject({
    type: z.string().transform((type) => type.toLowerCase()),
    sub_type: z.string().optional(),
    index: z
      .union([z.string().max(16), z.number()])
      .transform(Number)
      .optional(),
    parameters: z.array(TemplateParameter).default([]),
  })
  .meta({ id: 'TemplateComponent' });

const languageCode = z.string().regex(/^[a-z]{2,3}(?:[_-][A-Za-z]{2,4})?$/, 'is a language code such as en or en_US');

/** A message built from a pre-approved template. */
export const TemplateContent = z
  .strictObject({
    type: z.literal('template'),
    name: characters(512),
    language: languageCode,
    fallbackLanguage: languageCode
      .optional()
      .meta({ description: 'Taken when the template is not approved in `language`' }),
    components: z.array(TemplateComponentContent).default([]),
    purpose: z.enum(['reengagement', 'notification']).default('reengagement'),
  })
  .meta({ id: 'TemplateContent' });
export type TemplateContent = z.infer<typeof TemplateContent>;

/** Everything that can be sent. */
export const MessageContent = z
  .discriminatedUnion('type', [SessionContent, TemplateContent])
  .meta({ id: 'MessageContent' });
export type MessageContent = z.infer<typeof MessageContent>;

/** What `POST /v1/messages` takes. */
export const SendRequest = z
  .strictObject({
    channel: z.string().min(1),
    to: CustomerName,
    content: MessageContent,
    fallbackTemplate: TemplateContent.optional().meta({
      description: 'Goes instead when the session message would be refused as window_closed',
    }),
    replyTo: ThreadItemId.optional(),
    clientReference: characters(256).optional(),
  })
  .meta({ id: 'SendRequest' });
export type SendRequest = z.infer<typeof SendRequest>;
