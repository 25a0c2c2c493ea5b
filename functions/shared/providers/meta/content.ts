import * as z from 'zod';
import type { InboundContent } from '../../domain/inbound.ts';
import { toOrderItem } from '../customer-answers.ts';
import { Contacts } from './contact-card.ts';
import { Interactive } from './interactive.ts';
import { optionalFlag, optionalText } from './schema.ts';

const text = z.string();

const Text = z.object({ body: text }).transform(({ body }): InboundContent => ({ type: 'text', text: body }));

const media = (type: 'image' | 'audio' | 'video' | 'document' | 'sticker') =>
  z
    .object({
      id: text,
      url: optionalText,
      mime_type: optionalText,
      sha256: optionalText,
      caption: optionalText,
      filename: optionalText,
      voice: optionalFlag,
      animated: optionalFlag,
    })
    .transform(({ id, mime_type, ...rest }): InboundContent => ({ type, mediaId: id, mimeType: mime_type, ...rest }));

const Location = z
  .object({
    latitude: z.number(),
    longitude: z.number(),
    name: optionalText,
    address: optionalText,
    url: optionalText,
  })
  .transform((location): InboundContent => ({ type: 'location', ...location }));

const Button = z
  .object({ text: optionalText, payload: optionalText })
  .transform((button): InboundContent => ({ type: 'button', ...button }));

const Order = z.object({ catalog_id: optionalText, text: optionalText, product_items: z.array(z.unknown()) }).transform(
  ({ catalog_id, text, product_items }): InboundContent => ({
    type: 'order',
    catalogId: catalog_id,
    text,
    items: product_items.map(toOrderItem),
  }),
);

/** The removal of a reaction has no `emoji`. */
const Reaction = z
  .object({ message_id: text, emoji: optionalText })
  .transform(
    ({ message_id, emoji }): InboundContent => ({ type: 'reaction', messageId: message_id, emoji: emoji || null }),
  );

const Edit = z
  .object({ original_message_id: text, message: z.unknown() })
  .transform(
    ({ original_message_id, message }): InboundContent => ({ type: 'edit', messageId: original_message_id, message }),
  );

const Revoke = z
  .object({ original_message_id: text })
  .transform(({ original_message_id }): InboundContent => ({ type: 'revoke', messageId: original_message_id }));

const System = z
  .looseObject({ type: text, body: optionalText })
  .transform(({ type, body, ...details }): InboundContent => ({ type: 'system', event: type, body, details }));

/** The reason is in the message's `errors`. */
const Unsupported = z
  .object({
    unsupported: z.object({ type: optionalText }).optional(),
    errors: z
      .array(z.object({ title: optionalText, error_data: z.object({ details: optionalText }).optional() }))
      .default([]),
  })
  .transform(
    ({ unsupported, errors: [error] }): InboundContent => ({
      type: 'unsupported',
      kind: unsupported?.type,
      reason: error?.error_data?.details ?? error?.title,
    }),
  );

const CONTENT: Readonly<Record<string, z.ZodType<InboundContent>>> = {
  text: Text,
  image: media('image'),
  audio: media('audio'),
  video: media('video'),
  document: media('document'),
  sticker: media('sticker'),
  location: Location,
  contacts: Contacts,
  interactive: Interactive,
  button: Button,
  order: Order,
  reaction: Reaction,
  edit: Edit,
  revoke: Revoke,
  system: System,
};

/** Reads the content of a message from the property named after its type; `undefined` when it cannot be read. */
export const readContent = (type: string, message: Readonly<Record<string, unknown>>): InboundContent | undefined => {
  if (type === 'unsupported') return Unsupported.safeParse(message).data;
  return Object.hasOwn(CONTENT, type) ? CONTENT[type]?.safeParse(message[type]).data : undefined;
};
