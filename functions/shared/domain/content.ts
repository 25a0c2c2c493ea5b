import * as z from 'zod';
import { AddressRequest, Carousel, ContactRequest, CtaUrl, Flow, LocationRequest } from './action-content.ts';
import { Contacts } from './contact-content.ts';
import { characters } from './content-fields.ts';
import { CustomerName, isPhone } from './customer.ts';
import { isOneEmoji } from './emoji.ts';
import { Buttons, List } from './interactive-content.ts';
import { ONE_SOURCE, oneSource, source } from './media-source.ts';
import { CALLER_KINDS } from './owner.ts';
import { Product, ProductList } from './product-content.ts';

const caption = characters(1_024).optional();

/** The id of a message in the thread: the service's (`msg_…`), or the provider's for a message of the customer. */
const ThreadItemId = z.string().min(1).max(512).meta({
  description: 'The `id` of an item of the thread. That of a customer’s message is passed on to the provider unchecked',
});

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
  .strictObject({
    type: z.literal('audio'),
    ...source,
    voice: z.boolean().optional().meta({ description: 'A voice note: OGG with Opus' }),
  })
  .superRefine(({ voice, ...audio }, context) =>
    oneSource({ ...audio, type: voice === true ? 'voice' : audio.type }, context),
  )
  .meta({ id: 'AudioContent', ...ONE_SOURCE });
const Sticker = z
  .strictObject({ type: z.literal('sticker'), ...source })
  .superRefine(oneSource)
  .meta({ id: 'StickerContent', ...ONE_SOURCE });

const degrees = (most: number) => {
  const range = `must be a number of degrees from -${most} to ${most}`;
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
    CtaUrl,
    LocationRequest,
    ContactRequest,
    AddressRequest,
    Flow,
    Product,
    ProductList,
    Carousel,
    Reaction,
  ])
  .meta({ id: 'SessionContent' });
export type SessionContent = z.infer<typeof SessionContent>;

/** One parameter of a template, in WhatsApp's shape; its type is checked against the registered template. */
const TemplateParameter = z
  .looseObject({ type: z.string(), parameter_name: z.string().optional() })
  .meta({ id: 'TemplateParameter' });

const index = z.union([z.string().max(16), z.number()]).transform(Number);

const component = {
  type: z.string().transform((type) => type.toLowerCase()),
  sub_type: z.string().optional(),
  index: index.optional(),
  parameters: z.array(TemplateParameter).default([]),
};

/** One card of a carousel, in WhatsApp's shape. */
const TemplateCardContent = z
  .strictObject({ card_index: index, components: z.array(z.strictObject(component)) })
  .meta({ id: 'TemplateCard' });

/** One component with its parameters, in WhatsApp's shape. */
const TemplateComponentContent = z
  .strictObject({ ...component, cards: z.array(TemplateCardContent).min(1, 'needs at least one card').optional() })
  .meta({ id: 'TemplateComponent' });

const languageCode = z
  .string()
  .regex(/^[a-z]{2,3}(?:[_-][A-Za-z]{2,4})?$/, 'must be a language code such as en or en_US');

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
    as: z.enum(CALLER_KINDS).optional().meta({
      description: 'Who sends. What a bot sends is refused as `owned_by_human` while a person holds the conversation',
    }),
  })
  .superRefine(({ to, content }, context) => {
    if (content.type === 'address_request' && isPhone(to) && !to.startsWith('+91'))
      context.addIssue({
        code: 'custom',
        path: ['to'],
        message: 'is not in India (+91), where alone WhatsApp asks for an address',
      });
  })
  .meta({ id: 'SendRequest' });
export type SendRequest = z.infer<typeof SendRequest>;
