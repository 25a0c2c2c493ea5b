import * as z from 'zod';

const text = z.string().min(1);

/** The kinds of message in the Conversation API; a send has exactly one. */
const CONTENT = {
  text_message: z.object({ text: text.max(4096) }),
  media_message: z.object({ url: z.url() }),
  location_message: z.object({
    title: text,
    coordinates: z.object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) }),
  }),
  contact_info_message: z.object({
    name: z.object({ full_name: text }),
    phone_numbers: z.array(z.object({ phone_number: text })).min(1),
  }),
  choice_message: z.object({ choices: z.array(z.object({})).min(1) }),
  card_message: z.object({}),
  list_message: z.object({ sections: z.array(z.object({})).min(1) }),
  template_message: z.object({}),
  explicit_channel_message: z.object({ WHATSAPP: text }),
  channel_specific_message: z.object({}),
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
  .refine((ttl) => Number.parseInt(ttl, 10) >= 3, 'is at least 3 s');

/** The body of `POST …/messages:send` in the Conversation API. */
export const SendRequest = z.looseObject({
  app_id: text,
  recipient: z.object({
    identified_by: z.object({
      channel_identities: z.array(z.object({ channel: z.literal('WHATSAPP'), identity: text })).min(1),
    }),
  }),
  message: z.looseObject({}).superRefine(hasOneContent),
  message_metadata: z.string().max(1024).optional(),
  ttl: Ttl.optional(),
});
export type SendRequest = z.infer<typeof SendRequest>;
