import type { MessageContent, SessionContent } from '../../domain/content.ts';
import type { RegisteredTemplate } from '../../domain/template.ts';
import type { Unsupported } from '../provider.ts';
import { contactToWire } from './contact-to-wire.ts';
import { templateToWire, unsupportedIn } from './template-to-wire.ts';

type Json = Readonly<Record<string, unknown>>;
type Of<T extends SessionContent['type']> = Extract<SessionContent, { readonly type: T }>;

/** A message in Sinch's shape, or the field that Sinch does not support. */
export type Wire =
  | { readonly kind: 'message'; readonly message: Json; readonly channelProperties?: Json }
  | { readonly kind: 'unsupported'; readonly unsupported: Unsupported };

const message = (body: Json): Wire => ({ kind: 'message', message: body });

const unsupportedAt = (path: string, sentence: string): Wire => ({
  kind: 'unsupported',
  unsupported: { path, message: sentence },
});

/** Sinch's default is a preview: developers.sinch.com/docs/conversation/channel-support/whatsapp/properties */
const textToWire = ({ text, previewUrl = false }: Of<'text'>): Wire => ({
  kind: 'message',
  message: { text_message: { text } },
  channelProperties: { WHATSAPP_PREVIEW_URL: String(previewUrl) },
});

const MEDIA_TYPES = ['image', 'video', 'document', 'audio', 'sticker'] as const;

const isMedia = (content: MessageContent): content is Of<(typeof MEDIA_TYPES)[number]> =>
  MEDIA_TYPES.some((type) => type === content.type);

interface Media {
  readonly url?: string | undefined;
  readonly caption?: string | undefined;
  readonly filename?: string | undefined;
}

/**
 * Sinch derives the kind of media from the URL. A media message has no caption, but a card without choices is delivered
 * as media with its title as caption (docs/conversation/message-types/card-message).
 */
const mediaToWire = ({ url, caption, filename }: Media): Wire => {
  if (url === undefined)
    return unsupportedAt(
      'content.mediaId',
      'Sinch takes no uploaded media: give content.url, a public link to the file.',
    );
  const media = { url, filename_override: filename };
  return message(
    caption === undefined ? { media_message: media } : { card_message: { title: caption, media_message: media } },
  );
};

const locationToWire = ({ latitude, longitude, name, address }: Of<'location'>): Wire =>
  message({
    location_message: { title: name ?? address ?? 'Location', label: address, coordinates: { latitude, longitude } },
  });

const contactsToWire = ({ contacts: [contact, ...more] }: Of<'contacts'>): Wire => {
  if (contact === undefined || more.length > 0)
    return unsupportedAt('content.contacts', 'Sinch carries one contact a message: send each contact on its own.');
  const card = contactToWire(contact);
  return 'path' in card ? { kind: 'unsupported', unsupported: card } : message({ contact_info_message: card.body });
};

const MAX_CARD_POSTBACK = 229;

/** Formatting of WhatsApp, with which Sinch would turn the buttons of a card into text. */
const MARKDOWN = /([*_~`])[^*_~`]+\1/;

/** What keeps Sinch from showing a card's choices as buttons (docs/conversation/message-types/card-message, WhatsApp). */
const cardFault = ({ header, buttons }: Of<'buttons'>): Wire | undefined => {
  if (typeof header === 'object' && header.url === undefined)
    return unsupportedAt(
      'content.header.mediaId',
      'Sinch takes no uploaded media: give content.header.url, a public link to the file.',
    );
  if (typeof header === 'object' && header.type === 'document')
    return unsupportedAt(
      'content.header.type',
      'Sinch shows only a text, an image or a video above buttons: send the document as a message of its own.',
    );
  const long = buttons.findIndex(({ id }) => id.length > MAX_CARD_POSTBACK);
  if (long !== -1)
    return unsupportedAt(
      `content.buttons.${long}.id`,
      `Sinch carries at most ${MAX_CARD_POSTBACK} characters in the id of a button below a header: give a shorter one.`,
    );
  const formatted = buttons.findIndex(({ title }) => MARKDOWN.test(title));
  if (formatted === -1) return undefined;
  return unsupportedAt(
    `content.buttons.${formatted}.title`,
    'Sinch carries no formatting in the title of a button below a header: leave *, _, ~ and ` out.',
  );
};

/** A card becomes reply buttons below a text or media header; its description of up to 60 characters is below the body. */
const cardToWire = (
  content: Of<'buttons'> & { readonly header: NonNullable<Of<'buttons'>['header']> },
  choices: readonly Json[],
): Wire => {
  const { body, header, footer } = content;
  return (
    cardFault(content) ??
    message({
      card_message: {
        title: body,
        description: footer,
        ...(typeof header === 'string'
          ? { message_properties: { whatsapp_header: header } }
          : { media_message: { url: header.url } }),
        choices,
      },
    })
  );
};

const buttonsToWire = (content: Of<'buttons'>): Wire => {
  const { body, header, footer, buttons } = content;
  const choices = buttons.map(({ id, title }) => ({ text_message: { text: title }, postback_data: id }));
  if (header !== undefined) return cardToWire({ ...content, header }, choices);
  return message({
    choice_message: {
      text_message: { text: body },
      choices,
      message_properties: footer === undefined ? undefined : { whatsapp_footer: footer },
    },
  });
};

const listToWire = ({ body, button, header, footer, sections }: Of<'list'>): Wire => {
  if (footer !== undefined)
    return unsupportedAt(
      'content.footer',
      'Sinch carries no footer on a list: put it into the last line of content.body.',
    );
  return message({
    list_message: {
      title: body,
      sections: sections.map(({ title, rows }) => ({
        title,
        items: rows.map(({ id, ...row }) => ({ choice: { ...row, postback_data: id } })),
      })),
      message_properties: { menu: button, whatsapp_header: header },
    },
  });
};

/**
 * Converts a message to Sinch's shape, completely or not at all: no field is dropped. `template` is the registry's entry
 * of a template message, from which its buttons are known.
 */
export const toWire = (content: MessageContent, template?: RegisteredTemplate): Wire => {
  if (isMedia(content)) return mediaToWire(content);
  switch (content.type) {
    case 'text':
      return textToWire(content);
    case 'location':
      return locationToWire(content);
    case 'contacts':
      return contactsToWire(content);
    case 'buttons':
      return buttonsToWire(content);
    case 'list':
      return listToWire(content);
    case 'reaction':
      return unsupportedAt('content.type', 'Sinch cannot send a reaction: answer with a text, and replyTo to quote.');
    case 'template': {
      const unsupported = unsupportedIn(content);
      return unsupported === undefined
        ? message(templateToWire(content, template))
        : { kind: 'unsupported', unsupported };
    }
  }
};
