import * as z from 'zod';
import { listRows, replyButtons, templateTextFault, visible } from '../whatsapp-limits.ts';

const text = z.string().min(1);

const Choices = z
  .array(z.object({ text_message: z.object({ text: visible(20) }), postback_data: visible(256) }))
  .refine(
    (choices) => replyButtons(choices.map(({ text_message, postback_data: id }) => ({ id, title: text_message.text }))),
    'needs 1 to 3 choices that differ',
  );

const Row = z.object({ title: visible(24), description: visible(72).optional(), postback_data: visible(200) });
const Sections = z
  .array(z.object({ title: visible(24).optional(), items: z.array(z.object({ choice: Row })).min(1) }))
  .min(1)
  .max(10)
  .refine(
    (sections) => listRows(sections.flatMap(({ items }) => items.map(({ choice }) => choice.postback_data))),
    'needs 1 to 10 rows that differ',
  );

const TemplateValue = z.string().refine((value) => templateTextFault(value) === undefined, 'is refused by WhatsApp');
const TemplateValues = z
  .record(z.string(), z.string())
  .refine(
    (values) =>
      Object.entries(values).every(([key, value]) => !key.endsWith('text') || TemplateValue.safeParse(value).success),
    'has a value that WhatsApp refuses',
  );

const ProductList = z.object({
  title: visible(1024),
  sections: z
    .array(
      z.object({
        title: visible(24).optional(),
        items: z.array(z.object({ product: z.object({ id: text, marketplace: z.literal('FACEBOOK') }) })).min(1),
      }),
    )
    .min(1)
    .max(10)
    .refine((sections) => sections.flatMap(({ items }) => items).length <= 30, 'has more than 30 products'),
  message_properties: z.object({ catalog_id: text, whatsapp_header: visible(60).optional() }),
});

const Flow = z.object({
  body: z.object({ text: visible(1024) }),
  flow_id: text,
  flow_cta: visible(20),
  flow_token: text.optional(),
  flow_mode: z.enum(['draft', 'published']).optional(),
  flow_action: z.enum(['navigate', 'data_exchange']).optional(),
  flow_action_payload: z.object({ screen: text }).optional(),
});

/** The kinds of message in the Conversation API; a send has exactly one. */
const CONTENT = {
  text_message: z.object({ text: visible(4096) }),
  media_message: z.object({ url: z.url() }),
  location_message: z.object({
    title: text,
    coordinates: z.object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) }),
  }),
  contact_info_message: z.object({
    name: z.object({ full_name: text }),
    phone_numbers: z.array(z.object({ phone_number: text })).min(1),
  }),
  choice_message: z.object({ text_message: z.object({ text: visible(1024) }), choices: Choices }),
  card_message: z.object({
    title: visible(1024),
    description: visible(60).optional(),
    media_message: z.object({ url: z.url() }).optional(),
    message_properties: z.object({ whatsapp_header: visible(60).optional() }).optional(),
    choices: Choices.optional(),
  }),
  list_message: z.union([z.object({ title: visible(4096), sections: Sections }), ProductList]),
  template_message: z.object({
    channel_template: z.object({ WHATSAPP: z.object({ parameters: TemplateValues.optional() }).optional() }).optional(),
  }),
  explicit_channel_message: z.object({ WHATSAPP: text }),
  channel_specific_message: z.object({ WHATSAPP: z.object({ message_type: z.literal('FLOWS'), message: Flow }) }),
} as const satisfies Record<string, z.ZodType>;

const hasOneContent = (message: object, context: z.RefinementCtx) => {
  const given = Object.entries(CONTENT).filter(([name]) => Object.hasOwn(message, name));
  if (given.length !== 1) context.addIssue({ code: 'custom', message: 'must have exactly one kind of message' });
  for (const [name, schema] of given) {
    const content = schema.safeParse(Reflect.get(message, name));
    for (const { path, message: fault } of content.error?.issues ?? [])
      context.addIssue({ code: 'custom', path: [name, ...path], message: fault });
  }
};

const Ttl = z
  .string()
  .regex(/^\d+s$/)
  .refine((ttl) => Number.parseInt(ttl, 10) >= 3, 'must be at least 3 s');

const Recipient = z.object({
  identified_by: z.object({
    channel_identities: z.array(z.object({ channel: z.literal('WHATSAPP'), identity: text })).min(1),
  }),
});

/** The body of `POST …/events:send` in the Conversation API. */
export const EventRequest = z.object({
  app_id: text,
  recipient: Recipient,
  event: z.strictObject({ read_message_event: z.object({ message_id: text }) }),
});

/** The body of `POST …/messages:send` in the Conversation API. */
export const SendRequest = z.looseObject({
  app_id: text,
  recipient: Recipient,
  message: z.looseObject({}).superRefine(hasOneContent),
  message_metadata: z.string().max(1024).optional(),
  ttl: Ttl.optional(),
});
export type SendRequest = z.infer<typeof SendRequest>;
