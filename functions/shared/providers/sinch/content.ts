import * as z from 'zod';
import type { InboundContent } from '../../domain/inbound.ts';
import { toFormReply, toOrderItem } from '../customer-answers.ts';
import { mediaType } from './media-type.ts';

/** An unset text is absent, null or empty. */
const optionalText = z
  .string()
  .nullish()
  .transform((text) => text || undefined);

/** Unreadable counts as absent. */
const lenientText = optionalText.catch(undefined);

/** Sinch has one shape for all media; the type is that of the file (R4). */
const Media = z
  .object({
    url: z.string(),
    thumbnail_url: lenientText,
    filename_override: lenientText,
    caption: lenientText,
    mime_type: lenientText,
  })
  .transform(
    ({ url, thumbnail_url, filename_override: filename, caption, mime_type: mimeType }): InboundContent => ({
      type: mediaType({ url, filename, mimeType }),
      url,
      mimeType,
      caption,
      filename,
      thumbnailUrl: thumbnail_url,
    }),
  );

const NfmReply = z.object({
  message_type: z.literal('nfm_reply'),
  message: z.object({
    nfm_reply: z.object({ name: optionalText, body: optionalText, response_json: z.unknown().optional() }),
  }),
});

/** The label of a choice that was sent without `postback_data`: Sinch then returns `{message_id}_{text or title}`. */
const labelIn = (postbackData: string, messageId: string | undefined): string | undefined =>
  messageId !== undefined && postbackData.startsWith(`${messageId}_`)
    ? postbackData.slice(messageId.length + 1)
    : undefined;

/** Readers by the key of `contact_message` that identifies its type. */
const READERS = {
  text_message: z.object({ text: z.string() }).transform(({ text }): InboundContent => ({ type: 'text', text })),
  media_message: Media,
  media_card_message: Media,
  location_message: z
    .object({
      title: optionalText,
      label: optionalText,
      coordinates: z.object({ latitude: z.number(), longitude: z.number() }),
    })
    .transform(
      ({ title, label, coordinates: { latitude, longitude } }): InboundContent => ({
        type: 'location',
        latitude,
        longitude,
        name: title,
        address: label,
      }),
    ),
  choice_response_message: z.object({ message_id: optionalText, postback_data: z.string() }).transform(
    ({ message_id: messageId, postback_data: payload }): InboundContent => ({
      type: 'choice',
      messageId,
      title: labelIn(payload, messageId),
      payload,
    }),
  ),
  /** The text is `text` in Sinch's SDKs, `title` in older ones. */
  product_response_message: z
    .object({ products: z.array(z.unknown()), title: optionalText, text: optionalText, catalog_id: optionalText })
    .transform(
      ({ products, title, text = title, catalog_id: catalogId }): InboundContent => ({
        type: 'order',
        catalogId,
        text,
        items: products.map(toOrderItem),
      }),
    ),
  channel_specific_message: NfmReply.transform(({ message: { nfm_reply: reply } }) => toFormReply(reply)),
  fallback_message: z
    .object({
      raw_message: z.unknown().optional(),
      reason: z
        .object({ code: lenientText, description: lenientText, sub_code: lenientText })
        .nullish()
        .catch(undefined),
    })
    .transform(
      ({ raw_message: raw, reason }): InboundContent => ({
        type: 'unsupported',
        reason: reason?.code,
        description: reason?.description,
        subCode: reason?.sub_code,
        raw,
      }),
    ),
} as const satisfies Record<string, z.ZodType<InboundContent>>;

const isRead = (key: string): key is keyof typeof READERS => Object.hasOwn(READERS, key);

export interface ReadContent {
  /** A kind of `OPENS_SESSION`. */
  readonly kind: string;
  readonly content: InboundContent;
}

const ContactMessage = z.record(z.string(), z.unknown());

/** Reads the content of a message; never fails: content that cannot be read is kept raw under the same kind. */
export const readContent = (contactMessage: unknown): ReadContent => {
  const fields = Object.entries(ContactMessage.safeParse(contactMessage).data ?? {});
  const [key, value] = fields.find(([name, content]) => name !== 'reply_to' && content !== null) ?? [];
  if (key === undefined)
    return { kind: 'unknown', content: { type: 'raw', kind: 'unknown', raw: contactMessage ?? null } };
  if (!isRead(key)) return { kind: 'unknown', content: { type: 'raw', kind: key, raw: value } };
  return { kind: key, content: READERS[key].safeParse(value).data ?? { type: 'raw', kind: key, raw: value } };
};

const ReplyTo = z.object({ reply_to: z.object({ message_id: z.string().min(1).max(512) }) });

/** The message that the customer quotes, if any. */
export const readReplyTo = (contactMessage: unknown): string | undefined =>
  ReplyTo.safeParse(contactMessage).data?.reply_to.message_id;

const Reaction = z
  .object({
    message_id: z.string().min(1),
    emoji: optionalText,
    action: z.string().optional(),
    reaction_category: lenientText,
  })
  .transform(
    ({ message_id: messageId, emoji, action, reaction_category: category }): InboundContent => ({
      type: 'reaction',
      messageId,
      emoji: action === 'REACTION_ACTION_UNREACT' ? null : (emoji ?? null),
      category,
    }),
  );

/** Reads a reaction, or its removal. */
export const readReaction = (reaction: unknown): ReadContent => ({
  kind: 'reaction',
  content: Reaction.safeParse(reaction).data ?? { type: 'raw', kind: 'reaction', raw: reaction },
});
