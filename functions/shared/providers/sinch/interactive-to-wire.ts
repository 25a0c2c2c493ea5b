import type { SessionContent } from '../../domain/content.ts';
import type { MediaHeader } from '../../domain/interactive-content.ts';
import { type Json, message, type Of, unsupportedAt, type Wire } from './wire.ts';

const TYPES = ['buttons', 'list', 'flow', 'product', 'product_list'] as const satisfies SessionContent['type'][];

export type Interactive = Of<(typeof TYPES)[number]>;

export const isInteractive = (content: { readonly type: string }): content is Interactive =>
  TYPES.some((type) => type === content.type);

/** Sinch takes the file of a header by its link alone. */
const headerFault = (header: string | MediaHeader | undefined): Wire | undefined =>
  typeof header === 'object' && header.url === undefined
    ? unsupportedAt(
        'content.header.mediaId',
        'Sinch takes no uploaded media: give content.header.url, a public link to the file.',
      )
    : undefined;

const MAX_CARD_POSTBACK = 229;

/** Formatting of WhatsApp, with which Sinch would turn the buttons of a card into text. */
const MARKDOWN = /\*[^*_~`]+\*|_[^*_~`]+_|~[^*_~`]+~|`[^*_~`]+`/;

/** What keeps Sinch from showing a card's choices as buttons (docs/conversation/message-types/card-message, WhatsApp). */
const cardFault = ({ header, buttons }: Of<'buttons'>): Wire | undefined => {
  const fault = headerFault(header);
  if (fault !== undefined) return fault;
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

const footerFault = (): Wire =>
  unsupportedAt('content.footer', 'Sinch carries no footer on a list: put it into the last line of content.body.');

const listToWire = ({ body, button, header, footer, sections }: Of<'list'>): Wire => {
  if (footer !== undefined) return footerFault();
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

const toProduct = (id: string) => ({ product: { id, marketplace: 'FACEBOOK' } });

/** Products are a list of one or more (docs/conversation/message-types/list-message). */
const productsToWire = (content: Of<'product' | 'product_list'>): Wire => {
  const { body, footer, catalogId } = content;
  if (footer !== undefined) return footerFault();
  if (body === undefined) return unsupportedAt('content.body', 'Sinch needs a text with a product: give content.body.');
  const [sections, header] =
    content.type === 'product'
      ? [[{ productIds: [content.productId] }], undefined]
      : [content.sections, content.header];
  return message({
    list_message: {
      title: body,
      sections: sections.map(({ productIds, ...section }) => ({ ...section, items: productIds.map(toProduct) })),
      message_properties: { catalog_id: catalogId, whatsapp_header: header },
    },
  });
};

const toFlowHeader = (header: string | MediaHeader | undefined) => {
  if (header === undefined) return undefined;
  if (typeof header === 'string') return { type: 'text', text: header };
  return { type: header.type, [header.type]: { link: header.url } };
};

const flowFault = ({ header, flowId }: Of<'flow'>): Wire | undefined => {
  if (flowId === undefined)
    return unsupportedAt('content.flowName', 'Sinch finds a flow by its id alone: give content.flowId.');
  if (typeof header === 'object' && header.filename !== undefined)
    return unsupportedAt('content.header.filename', 'Sinch carries no file name above a flow: leave it out.');
  return headerFault(header);
};

/** https://developers.sinch.com/docs/conversation/channel-support/whatsapp/whatsapp-flows */
const flowToWire = (content: Of<'flow'>): Wire => {
  const { header, body, footer, flowId, button, token, action, screen, data, draft } = content;
  const flow = {
    header: toFlowHeader(header),
    body: { text: body },
    footer: footer === undefined ? undefined : { text: footer },
    flow_id: flowId,
    flow_cta: button,
    flow_token: token,
    flow_mode: draft === true ? 'draft' : undefined,
    flow_action: action,
    flow_action_payload: screen === undefined ? undefined : { screen, data },
  };
  return (
    flowFault(content) ?? message({ channel_specific_message: { WHATSAPP: { message_type: 'FLOWS', message: flow } } })
  );
};

/** Converts an interactive message to Sinch's shape. */
export const interactiveToWire = (content: Interactive): Wire => {
  switch (content.type) {
    case 'buttons':
      return buttonsToWire(content);
    case 'list':
      return listToWire(content);
    case 'flow':
      return flowToWire(content);
    case 'product':
    case 'product_list':
      return productsToWire(content);
  }
};
