import * as z from 'zod';
import { Template } from './templates.ts';

const text = z.string().min(1);
const media = z
  .object({
    id: text.optional(),
    link: z.url().optional(),
    caption: text.max(1024).optional(),
    filename: text.optional(),
  })
  .refine(({ id, link }) => (id === undefined) !== (link === undefined), 'needs either id or link');

/** The content that the Cloud API requires for each `type`. */
const CONTENT: Readonly<Record<string, z.ZodType>> = {
  text: z.object({ body: text.max(4096), preview_url: z.boolean().optional() }),
  image: media,
  audio: media,
  video: media,
  document: media,
  sticker: media,
  location: z.object({ latitude: z.coerce.number(), longitude: z.coerce.number() }),
  contacts: z.array(z.object({ name: z.object({ formatted_name: text }) })).min(1),
  interactive: z.object({ type: text, body: z.object({ text }).optional(), action: z.object({}) }),
  reaction: z.object({ message_id: text, emoji: z.string() }),
  template: Template,
};

const hasContent = (body: { readonly type: string }, context: z.RefinementCtx) => {
  const content = CONTENT[body.type]?.safeParse(Reflect.get(body, body.type));
  for (const { path, message } of content?.error?.issues ?? [])
    context.addIssue({ code: 'custom', path: [body.type, ...path], message });
};

/** The body of `POST /{phone number id}/messages` in the Cloud API. */
export const SendRequest = z
  .looseObject({
    messaging_product: z.literal('whatsapp'),
    recipient_type: z.literal('individual').optional(),
    to: z
      .string()
      .regex(/^\+?[1-9]\d{6,14}$/)
      .optional(),
    recipient: z
      .string()
      .regex(/^\S{1,256}$/)
      .optional(),
    type: z.enum(Object.keys(CONTENT)),
    context: z.object({ message_id: text }).optional(),
    biz_opaque_callback_data: z.string().max(512).optional(),
  })
  .superRefine(hasContent)
  .refine(({ to, recipient }) => to !== undefined || recipient !== undefined, {
    path: ['to'],
    error: 'The parameter to is required',
  });
export type SendRequest = z.infer<typeof SendRequest>;
