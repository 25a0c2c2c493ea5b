import * as z from 'zod';
import { Contacts } from './contact-content.ts';
import { characters, HttpUrl } from './content-fields.ts';
import { CustomerName } from './customer.ts';
import { isOneEmoji } from './emoji.ts';
import { Buttons, List } from './interactive-content.ts';
import { mediaUrlFault } from './media-url.ts';

interface Source {
  readonly type: string;
  readonly url?: string | undefined;
  readonly mediaId?: string | undefined;
}

const oneSource = ({ type, url, mediaId }: Source, context: z.RefinementCtx) => {
  const isEither = (url === undefined) !== (mediaId === undefined);
  const message = isEither ? mediaUrlFault(type, url) : 'give either url or mediaId';
  if (message !== undefined) context.addIssue({ code: 'custom', path: ['url'], message });
};

const source = { url: HttpUrl.optional(), mediaId: z.string().min(1).max(256).optional() };
/** The rule of {@link oneSource} in the JSON Schema. */
const ONE_SOURCE = {
  oneOf: Object.keys(source).map((field) => ({ properties: { [field]: { type: 'string' } }, required: [field] })),
};

const caption = characters(1_024).optional();

/** The id of a message in the thread: the service's (`msg_…`), or the provider's for a message of the customer. */
const ThreadItemId = z.string().min(1).max(512);

const Text = z
  .strictObject({ type: z.literal('text'), text: characters(4_096), previewUrl: z.boolean().optional() })
  .meta({ id: 'TextContent' });
const Image = z
  .strictObject({ type: z.literal('image'), ...source, caption })
  .superRefine(oneSource)
  .meta({ id: 'ImageContent', ...ONE_SOURCE });
const Video = z
  .strictObject({ type: z.literal('video'), ...source, caption })
  .superRefine(oneSource)
  .meta({ id: 'VideoContent', ...ONE_SOURCE, description: 'MP4 (H.264, AAC) or 3GPP, 16 MB at most' });
const Document = z
  .strictObject({ type: z.literal('document'), ...source, caption, filename: characters(240).optional() })
  .superRefine(oneSource)
  .meta({ id: 'DocumentContent', ...ONE_SOURCE });
const Audio = z
  .strictObject({ type: z.literal('audio'), ...source })
  .superRefine(oneSource)
  .meta({ id: 'AudioContent', ...ONE_SOURCE });
const Sticker = z
  .strictObject({ type: z.literal('sticker'), ...source })
  .superRefine(oneSource)
  .meta({ id: 'StickerContent', ...ONE_SOURCE });

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

const Reaction = z
  .strictObject({
    type: z.literal('reaction'),
    messageId: ThreadItemId,
    emoji: characters(16, 0)
      .refine((emoji) => emoji === '' || isOneEmoji(emoji), 'is not exactly one emoji')
      .meta({ description: 'One emoji; empty to remove the reaction' }),
  })
  .meta({ id: 'ReactionContent' });

/** Free-form content, sent only while the customer care session is open; the limits are WhatsApp's. */
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

/** One parameter of a template, in WhatsApp's shape; its type is checked against the registered template. */
const TemplateParameter = z
  .looseObject({ type: z.string(), parameter_name: z.string().optional() })
  .meta({ id: 'TemplateParameter' });

/** One component with its parameters, in WhatsApp's shape. */
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
      .meta({ description: 'Used when the template is not approved in `language`' }),
    components: z.array(TemplateComponentContent).default([]),
    purpose: z.enum(['reengagement', 'notification']).default('reengagement'),
  })
  .meta({ id: 'TemplateContent' });
export type TemplateContent = z.infer<typeof TemplateContent>;

/** The content of a send. */
export const MessageContent = z
  .discriminatedUnion('type', [SessionContent, TemplateContent])
  .meta({ id: 'MessageContent' });
export type MessageContent = z.infer<typeof MessageContent>;

/** The body of `POST /v1/messages`. */
export const SendRequest = z
  .strictObject({
    channel: z.string().min(1),
    to: CustomerName,
    content: MessageContent,
    fallbackTemplate: TemplateContent.optional().meta({
      description: 'Sent instead when the session message would be refused as window_closed',
    }),
    replyTo: ThreadItemId.optional(),
    clientReference: characters(256).optional(),
  })
  .meta({ id: 'SendRequest' });
export type SendRequest = z.infer<typeof SendRequest>;
