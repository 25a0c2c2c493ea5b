import type { Contact } from '../../domain/contact-content.ts';
import type { MessageContent, SessionContent, TemplateContent } from '../../domain/content.ts';
import { isPhone, userIdIn } from '../../domain/customer.ts';
import type { OutboundMessage, ReadReceipt } from '../provider.ts';
import { isInteractive, toInteractive } from './interactive-to-wire.ts';

type Content<T extends SessionContent['type']> = Extract<SessionContent, { type: T }>;

type Media = Content<'image' | 'video' | 'document' | 'audio' | 'sticker'>;

const MEDIA: readonly string[] = ['image', 'video', 'document', 'audio', 'sticker'] satisfies Media['type'][];

const isMedia = (content: MessageContent): content is Media => MEDIA.includes(content.type);

const toMedia = ({ type, mediaId, url, ...captions }: Media) => ({
  type,
  [type]: { id: mediaId, link: url, ...captions },
});

/** Meta requires a part of the name beside the formatted one. */
const toName = ({ formatted, first, last, middle, prefix, suffix }: Contact['name']) => {
  const hasPart = [first, last, middle, prefix, suffix].some((part) => part !== undefined);
  return {
    formatted_name: formatted,
    first_name: hasPart ? first : formatted,
    last_name: last,
    middle_name: middle,
    prefix,
    suffix,
  };
};

const toContact = ({ name, addresses, phones, ...same }: Contact) => ({
  ...same,
  name: toName(name),
  phones: phones?.map(({ waId, ...rest }) => ({ ...rest, wa_id: waId })),
  addresses: addresses?.map(({ countryCode, ...rest }) => ({ ...rest, country_code: countryCode })),
});

/** A component without parameters is omitted: Meta accepts a quick reply without a payload, but no empty component. */
const toComponents = (components: TemplateContent['components']): readonly object[] | undefined => {
  const filled = components.filter(({ parameters, cards }) => parameters.length > 0 || cards !== undefined);
  if (filled.length === 0) return undefined;
  return filled.map(({ sub_type, index, parameters, cards, ...component }) => ({
    ...component,
    sub_type: sub_type?.toLowerCase(),
    index: index === undefined ? undefined : String(index),
    ...(cards === undefined
      ? { parameters }
      : { cards: cards.map((card) => ({ ...card, components: toComponents(card.components) ?? [] })) }),
  }));
};

const toTemplate = ({ name, language, components }: TemplateContent) => ({
  name,
  language: { code: language },
  components: toComponents(components),
});

const toContent = (content: MessageContent, replyTo: string | undefined) => {
  if (isMedia(content)) return toMedia(content);
  if (isInteractive(content)) return { type: 'interactive', interactive: toInteractive(content) };
  switch (content.type) {
    case 'text':
      return { type: 'text', text: { body: content.text, preview_url: content.previewUrl } };
    case 'location': {
      const { type, ...location } = content;
      return { type, location };
    }
    case 'contacts':
      return { type: 'contacts', contacts: content.contacts.map(toContact) };
    case 'reaction':
      return { type: 'reaction', reaction: { message_id: replyTo, emoji: content.emoji } };
    case 'template':
      return { type: 'template', template: toTemplate(content) };
  }
};

const toContext = ({ content, replyTo }: OutboundMessage) =>
  replyTo === undefined || content.type === 'reaction' ? undefined : { message_id: replyTo };

/**
 * Converts a message to the Cloud API's shape; absent properties are `undefined`, which JSON omits. A phone number is
 * sent in `to` with its `+`, without which Meta adds the business's country code; a user id is sent in `recipient`,
 * since Meta silently ignores it in `to`
 * (https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids).
 */
export const toWire = (message: OutboundMessage) => ({
  messaging_product: 'whatsapp',
  recipient_type: 'individual',
  ...(isPhone(message.to) ? { to: message.to } : { recipient: userIdIn(message.to) }),
  ...toContent(message.content, message.replyTo),
  context: toContext(message),
  biz_opaque_callback_data: message.reference,
});

/** The typing indicator is shown until an answer is sent, for 25 seconds at most. */
export const readToWire = ({ messageId, typing }: Pick<ReadReceipt, 'messageId' | 'typing'>) => ({
  messaging_product: 'whatsapp',
  status: 'read',
  message_id: messageId,
  typing_indicator: typing ? { type: 'text' } : undefined,
});
