import type { SessionContent } from '../../domain/content.ts';
import type { MediaHeader } from '../../domain/interactive-content.ts';

type Content<T extends SessionContent['type']> = Extract<SessionContent, { type: T }>;

/** Each type of interactive message, with its name in the Cloud API. */
const WIRE_TYPES = {
  buttons: 'button',
  list: 'list',
  cta_url: 'cta_url',
  location_request: 'location_request_message',
  contact_request: 'request_contact_info',
  address_request: 'address_message',
  flow: 'flow',
  product: 'product',
  product_list: 'product_list',
  carousel: 'carousel',
} as const satisfies Partial<Record<SessionContent['type'], string>>;

export type Interactive = Content<keyof typeof WIRE_TYPES>;

export const isInteractive = (content: { readonly type: string }): content is Interactive =>
  Object.hasOwn(WIRE_TYPES, content.type);

const toText = (text: string | undefined) => (text === undefined ? undefined : { text });

const toHeader = (header: string | Omit<MediaHeader, 'filename'> | undefined) => {
  if (header === undefined) return undefined;
  if (typeof header === 'string') return { type: 'text', text: header };
  const { type, url, mediaId, ...rest } = header;
  return { type, [type]: { id: mediaId, link: url, ...rest } };
};

interface Frame {
  readonly header?: string | MediaHeader | undefined;
  readonly body?: string | undefined;
  readonly footer?: string | undefined;
}

const toFrame = ({ header, body, footer }: Frame) => ({
  header: toHeader(header),
  body: toText(body),
  footer: toText(footer),
});

const toLink = (button: string, url: string) => ({
  name: 'cta_url',
  parameters: { display_text: button, url },
});

const toAddressRequest = ({ country, values, savedAddresses, validationErrors }: Content<'address_request'>) => ({
  name: 'address_message',
  parameters: { country, values, saved_addresses: savedAddresses, validation_errors: validationErrors },
});

const toFlow = ({ flowId, flowName, button, token, action, screen, data, draft }: Content<'flow'>) => ({
  name: 'flow',
  parameters: {
    flow_message_version: '3',
    flow_id: flowId,
    flow_name: flowName,
    flow_cta: button,
    flow_token: token,
    mode: draft === true ? 'draft' : undefined,
    flow_action: action,
    flow_action_payload: screen === undefined ? undefined : { screen, data },
  },
});

const toProductList = ({ catalogId, sections }: Content<'product_list'>) => ({
  catalog_id: catalogId,
  sections: sections.map(({ title, productIds }) => ({
    title,
    product_items: productIds.map((id) => ({ product_retailer_id: id })),
  })),
});

const toCard = ({ header, body, button, url, buttons = [] }: Content<'carousel'>['cards'][number], index: number) => ({
  card_index: index,
  ...toFrame({ header, body }),
  ...(button !== undefined && url !== undefined
    ? { type: 'cta_url', action: toLink(button, url) }
    : { action: { buttons: buttons.map((reply) => ({ type: 'quick_reply', quick_reply: reply })) } }),
});

type Request = Content<'location_request' | 'contact_request' | 'address_request'>;

const isRequest = (content: Interactive): content is Request => content.type.endsWith('_request');

/** What the customer is asked for, with a button of WhatsApp's own. */
const toRequest = (content: Request) => {
  switch (content.type) {
    case 'location_request':
      return { name: 'send_location' };
    case 'contact_request':
      return { name: 'request_contact_info' };
    case 'address_request':
      return toAddressRequest(content);
  }
};

const toAction = (content: Interactive) => {
  if (isRequest(content)) return toRequest(content);
  switch (content.type) {
    case 'buttons':
      return { buttons: content.buttons.map((reply) => ({ type: 'reply', reply })) };
    case 'list':
      return { button: content.button, sections: content.sections };
    case 'cta_url':
      return toLink(content.button, content.url);
    case 'flow':
      return toFlow(content);
    case 'product':
      return { catalog_id: content.catalogId, product_retailer_id: content.productId };
    case 'product_list':
      return toProductList(content);
    case 'carousel':
      return { cards: content.cards.map(toCard) };
  }
};

/** Converts an interactive message to the Cloud API's shape. */
export const toInteractive = (content: Interactive) => ({
  type: WIRE_TYPES[content.type],
  ...toFrame(content),
  action: toAction(content),
});
