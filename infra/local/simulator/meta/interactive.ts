import * as z from 'zod';
import { listRows, replyButtons, visible } from '../whatsapp-limits.ts';
import { media } from './media.ts';

const text = z.string().min(1);
const textHeader = z.object({ type: z.literal('text'), text: visible(60) });
const imageHeader = z.object({ type: z.literal('image'), image: media('image') });
const videoHeader = z.object({ type: z.literal('video'), video: media('video') });
const Header = z.discriminatedUnion('type', [
  textHeader,
  imageHeader,
  videoHeader,
  z.object({ type: z.literal('document'), document: media('document') }),
]);
const body = z.object({ text: visible(1024) });
const frame = { footer: z.object({ text: visible(60) }).optional() };
const framed = { ...frame, header: Header.optional(), body };

const Buttons = z.object({
  ...frame,
  type: z.literal('button'),
  header: Header.optional(),
  body,
  action: z.object({
    buttons: z
      .array(z.object({ type: z.literal('reply'), reply: z.object({ id: visible(256), title: visible(20) }) }))
      .refine((buttons) => replyButtons(buttons.map(({ reply }) => reply)), 'needs 1 to 3 buttons that differ'),
  }),
});

const Section = z.object({
  title: visible(24).optional(),
  rows: z.array(z.object({ id: visible(200), title: visible(24), description: visible(72).optional() })).min(1),
});

const List = z.object({
  ...frame,
  type: z.literal('list'),
  header: textHeader.optional(),
  body: z.object({ text: visible(4096) }),
  action: z.object({
    button: visible(20),
    sections: z
      .array(Section)
      .min(1)
      .max(10)
      .refine((some) => some.length === 1 || some.every(({ title }) => title !== undefined), 'needs titles')
      .refine(
        (some) => listRows(some.flatMap(({ rows }) => rows.map(({ id }) => id))),
        'needs 1 to 10 rows that differ',
      ),
  }),
});

const link = z.object({
  name: z.literal('cta_url'),
  parameters: z.object({ display_text: visible(20), url: z.url({ protocol: /^https?$/ }) }),
});
const CtaUrl = z.object({ ...framed, type: z.literal('cta_url'), action: link });

const LocationRequest = z.strictObject({
  type: z.literal('location_request_message'),
  body,
  action: z.object({ name: z.literal('send_location') }),
});

const ContactRequest = z.strictObject({
  type: z.literal('request_contact_info'),
  body,
  action: z.strictObject({ name: z.literal('request_contact_info') }),
});

const fields = z.record(z.string(), z.string());
const AddressRequest = z.object({
  ...framed,
  type: z.literal('address_message'),
  action: z.object({
    name: z.literal('address_message'),
    parameters: z.object({
      country: z.literal('IN'),
      values: fields.optional(),
      saved_addresses: z.array(z.object({ id: text, value: fields })).optional(),
      validation_errors: fields.optional(),
    }),
  }),
});

const Flow = z.object({
  ...framed,
  type: z.literal('flow'),
  action: z.object({
    name: z.literal('flow'),
    parameters: z
      .object({
        flow_message_version: z.literal('3'),
        flow_id: text.optional(),
        flow_name: text.optional(),
        flow_cta: visible(20).refine((cta) => !/\p{Emoji_Presentation}/u.test(cta), 'must not have emoji'),
        flow_token: text.optional(),
        mode: z.enum(['draft', 'published']).optional(),
        flow_action: z.enum(['navigate', 'data_exchange']).optional(),
        flow_action_payload: z
          .object({
            screen: text,
            data: z
              .looseObject({})
              .refine((data) => Object.keys(data).length > 0)
              .optional(),
          })
          .optional(),
      })
      .refine(({ flow_id, flow_name }) => (flow_id === undefined) !== (flow_name === undefined), 'needs one flow'),
  }),
});

const Product = z.object({
  ...frame,
  type: z.literal('product'),
  header: z.undefined().optional(),
  body: body.optional(),
  action: z.object({ catalog_id: text, product_retailer_id: text }),
});

const ProductList = z.object({
  ...frame,
  type: z.literal('product_list'),
  header: textHeader,
  body,
  action: z.object({
    catalog_id: text,
    sections: z
      .array(
        z.object({
          title: visible(24).optional(),
          product_items: z.array(z.object({ product_retailer_id: text })).min(1),
        }),
      )
      .min(1)
      .max(10)
      .refine((some) => some.length === 1 || some.every(({ title }) => title !== undefined), 'needs titles')
      .refine((some) => some.flatMap(({ product_items }) => product_items).length <= 30, 'has more than 30 products'),
  }),
});

const Card = z.object({
  card_index: z.int(),
  type: z.literal('cta_url').optional(),
  header: z.discriminatedUnion('type', [imageHeader, videoHeader]),
  body: z.object({ text: visible(160) }).optional(),
  action: z.union([
    link,
    z.object({
      buttons: z
        .array(
          z.object({
            type: z.literal('quick_reply'),
            quick_reply: z.object({ id: visible(256), title: visible(20) }),
          }),
        )
        .refine((buttons) => replyButtons(buttons.map(({ quick_reply }) => quick_reply))),
    }),
  ]),
});
type Card = z.infer<typeof Card>;

/** All cards have the same type of header and the same buttons. */
const shapeOf = ({ header, action }: Card): string =>
  `${header.type} ${'buttons' in action ? action.buttons.length : 'link'}`;

const Carousel = z.strictObject({
  type: z.literal('carousel'),
  body,
  action: z.object({
    cards: z
      .array(Card)
      .min(2)
      .max(10)
      .refine((cards) => new Set(cards.map(shapeOf)).size === 1, 'needs cards that are alike')
      .refine((cards) => cards.every(({ card_index }, index) => card_index === index), 'needs cards in their order'),
  }),
});

/** `interactive` of a send in the Cloud API. */
export const Interactive = z.discriminatedUnion('type', [
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
]);
