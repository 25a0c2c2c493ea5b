import type { NOT_CARRIED } from '../../domain/carried-content.ts';
import type { MessageContent } from '../../domain/content.ts';
import { shownAs } from '../../domain/media-url.ts';
import type { RegisteredTemplate } from '../../domain/template.ts';
import { contactToWire } from './contact-to-wire.ts';
import { interactiveToWire, isInteractive } from './interactive-to-wire.ts';
import { templateToWire, unsupportedIn } from './template-to-wire.ts';
import { message, type Of, unsupportedAt, type Wire } from './wire.ts';

/** Types that Sinch cannot send on WhatsApp, or sends as plain text (docs/conversation/channel-support/whatsapp/message-support). */
const REFUSED = {
  reaction: 'Sinch cannot send a reaction: answer with a text, and replyTo to quote.',
  cta_url: 'Sinch shows the button of a link as text on WhatsApp: send a text with the link.',
  location_request: 'Sinch cannot ask for a location on WhatsApp: ask for it in a text.',
  contact_request: 'Sinch cannot ask for the phone number: ask for it in a text.',
  address_request: 'Sinch cannot ask for an address: ask for it in a text.',
  carousel: 'Sinch shows a carousel as text on WhatsApp: send the cards one by one, as buttons below a picture.',
} as const satisfies Record<(typeof NOT_CARRIED)['sinch'][number], string>;

const isRefused = (content: MessageContent): content is Of<keyof typeof REFUSED> =>
  Object.hasOwn(REFUSED, content.type);

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
  readonly type: string;
  readonly url?: string | undefined;
  readonly caption?: string | undefined;
  readonly filename?: string | undefined;
  readonly voice?: boolean | undefined;
}

/** Sinch would show the file as what it is (docs/conversation/message-types/media-message, WhatsApp). */
const documentFault = ({ type, url }: Media): Wire | undefined => {
  const shown = type === 'document' && url !== undefined ? shownAs(url) : undefined;
  return shown === undefined
    ? undefined
    : unsupportedAt('content.type', `Sinch shows this file as ${shown}, not as a document: send it as ${shown}.`);
};

/**
 * Sinch derives the kind of media from the URL. A media message has no caption, but a card without choices is delivered
 * as media with its title as caption (docs/conversation/message-types/card-message).
 */
const mediaToWire = (content: Media): Wire => {
  const { url, caption, filename, voice } = content;
  if (voice === true)
    return unsupportedAt('content.voice', 'Sinch cannot mark a voice note: leave voice out, and it is sent as audio.');
  if (url === undefined)
    return unsupportedAt(
      'content.mediaId',
      'Sinch takes no uploaded media: give content.url, a public link to the file.',
    );
  const media = { url, filename_override: filename };
  const fault = documentFault(content);
  if (fault !== undefined) return fault;
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

/**
 * Converts a message to Sinch's shape, completely or not at all: no field is dropped. `template` is the registry's entry
 * of a template message, from which its buttons are known.
 */
export const toWire = (content: MessageContent, template?: RegisteredTemplate): Wire => {
  if (isRefused(content)) return unsupportedAt('content.type', REFUSED[content.type]);
  if (isMedia(content)) return mediaToWire(content);
  if (isInteractive(content)) return interactiveToWire(content);
  switch (content.type) {
    case 'text':
      return textToWire(content);
    case 'location':
      return locationToWire(content);
    case 'contacts':
      return contactsToWire(content);
    case 'template': {
      const unsupported = unsupportedIn(content);
      return unsupported === undefined
        ? message(templateToWire(content, template))
        : { kind: 'unsupported', unsupported };
    }
  }
};
