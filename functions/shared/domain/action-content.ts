import * as z from 'zod';
import { characters, HttpUrl } from './content-fields.ts';
import { body, footer, Header, ReplyButtons } from './interactive-content.ts';
import { ONE_SOURCE, oneSource, source } from './media-source.ts';

const frame = { body, header: Header.optional(), footer };

/** A button that opens a web page. */
export const CtaUrl = z
  .strictObject({ type: z.literal('cta_url'), ...frame, button: characters(20), url: HttpUrl })
  .meta({ id: 'CtaUrlContent' });

/** A button with which the customer sends a location. */
export const LocationRequest = z
  .strictObject({ type: z.literal('location_request'), body })
  .meta({ id: 'LocationRequestContent' });

/** A button with which a customer who is known by a user id alone shares the phone number. */
export const ContactRequest = z
  .strictObject({ type: z.literal('contact_request'), body })
  .meta({ id: 'ContactRequestContent' });

/** WhatsApp's fields of an Indian address. */
const AddressValues = z.partialRecord(
  z.enum([
    'name',
    'phone_number',
    'in_pin_code',
    'house_number',
    'floor_number',
    'tower_number',
    'building_name',
    'address',
    'landmark_area',
    'city',
    'state',
  ]),
  characters(1_000),
);

/** A form for a delivery address, which WhatsApp has in India alone. */
export const AddressRequest = z
  .strictObject({
    type: z.literal('address_request'),
    ...frame,
    country: z.literal('IN'),
    values: AddressValues.optional().meta({ description: 'Filled in beforehand' }),
    savedAddresses: z
      .array(z.strictObject({ id: characters(256), value: AddressValues }))
      .max(20)
      .optional()
      .meta({ description: 'To choose from; the answer has the id' }),
    validationErrors: AddressValues.optional().meta({ description: 'What was wrong with the last answer, by field' }),
  })
  .meta({ id: 'AddressRequestContent' });

const noEmoji = (text: string): boolean => !/\p{Extended_Pictographic}/u.test(text);

/** A WhatsApp Flow: screens that the customer fills in. */
export const Flow = z
  .strictObject({
    type: z.literal('flow'),
    ...frame,
    flowId: characters(64).optional(),
    flowName: characters(256).optional(),
    button: characters(20).refine(noEmoji, 'has an emoji, which WhatsApp refuses on the button of a flow'),
    token: characters(512).optional().meta({ description: 'Returned with the answer' }),
    action: z.enum(['navigate', 'data_exchange']).default('navigate'),
    screen: characters(256).optional().meta({ description: 'The first screen, for `navigate`' }),
    data: z.record(z.string(), z.unknown()).optional().meta({ description: 'What the first screen shows' }),
    draft: z.boolean().optional().meta({ description: 'Sends a flow that is not published yet' }),
  })
  .superRefine(({ flowId, flowName, action, screen, data }, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if ((flowId === undefined) === (flowName === undefined)) refuse('flowId', 'give either flowId or flowName');
    if (action === 'data_exchange' && screen !== undefined)
      refuse('screen', 'is for the action navigate: your endpoint names the first screen');
    if (data !== undefined && screen === undefined) refuse('data', 'needs the screen that shows it');
    if (data !== undefined && Object.keys(data).length === 0) refuse('data', 'must not be empty');
  })
  .meta({ id: 'FlowContent' });

const Card = z
  .strictObject({
    header: z
      .strictObject({ type: z.enum(['image', 'video']), ...source })
      .superRefine(oneSource)
      .meta(ONE_SOURCE),
    body: characters(160)
      .refine((text) => text.split('\n').length <= 3, 'has more than two line breaks, the most that WhatsApp allows')
      .optional(),
    button: characters(20).optional().meta({ description: 'With `url`, in the place of `buttons`' }),
    url: HttpUrl.optional(),
    buttons: ReplyButtons.optional(),
  })
  .superRefine(({ button, url, buttons }, context) => {
    const isLink = button !== undefined && url !== undefined && buttons === undefined;
    const isReply = button === undefined && url === undefined && buttons !== undefined;
    if (!isLink && !isReply)
      context.addIssue({ code: 'custom', path: ['buttons'], message: 'give either buttons, or button and url' });
  })
  .meta({ oneOf: [{ required: ['button', 'url'] }, { required: ['buttons'] }] });
type Card = z.infer<typeof Card>;

/** What all cards of a carousel have in common, and what differs. */
const ALIKE: readonly (readonly [field: string, of: (card: Card) => unknown, message: string])[] = [
  ['header', ({ header }) => header.type, 'must have the type of the first card'],
  ['buttons', ({ buttons }) => buttons?.length, 'must be as many as on the first card'],
];

/** Two to ten cards, side by side. */
export const Carousel = z
  .strictObject({
    type: z.literal('carousel'),
    body,
    cards: z
      .array(Card)
      .min(2, 'needs at least 2 cards')
      .max(10, 'has more than 10 cards, the most that WhatsApp allows')
      .superRefine(([first, ...others], context) => {
        for (const [field, of, message] of ALIKE)
          for (const [index, card] of others.entries())
            if (first !== undefined && of(card) !== of(first))
              context.addIssue({ code: 'custom', path: [index + 1, field], message });
      }),
  })
  .meta({ id: 'CarouselContent' });
