import * as z from 'zod';
import { isReaction, visible } from '../whatsapp-limits.ts';
import { Interactive } from './interactive.ts';
import { Audio, media } from './media.ts';
import { Template } from './templates.ts';

const text = z.string().min(1);

/** The content that the Cloud API requires for each `type`. */
const CONTENT: Readonly<Record<string, z.ZodType>> = {
  text: z.object({ body: visible(4096), preview_url: z.boolean().optional() }),
  image: media('image'),
  audio: Audio,
  video: media('video'),
  document: media('document'),
  sticker: media('sticker'),
  location: z.object({ latitude: z.coerce.number(), longitude: z.coerce.number() }),
  contacts: z.array(z.object({ name: z.object({ formatted_name: text }) })).min(1),
  interactive: Interactive,
  reaction: z.object({ message_id: text, emoji: z.string().refine(isReaction, 'is not an emoji') }),
  template: Template,
};

const hasContent = (body: { readonly type: string }, context: z.RefinementCtx) => {
  const content = CONTENT[body.type]?.safeParse(Reflect.get(body, body.type));
  for (const { path, message } of content?.error?.issues ?? [])
    context.addIssue({ code: 'custom', path: [body.type, ...path], message });
};

const isAddressRequest = (interactive: unknown): boolean =>
  z.object({ type: z.literal('address_message') }).safeParse(interactive).success;

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
  .refine(({ to, interactive }) => to === undefined || !isAddressRequest(interactive) || /^\+?91/.test(to), {
    path: ['to'],
    error: 'An address message is for customers of the country alone',
  })
  .refine(({ to, recipient }) => to !== undefined || recipient !== undefined, {
    path: ['to'],
    error: 'The parameter to is required',
  });
export type SendRequest = z.infer<typeof SendRequest>;

/** The body that marks a customer's message as read. */
export const ReadRequest = z.strictObject({
  messaging_product: z.literal('whatsapp'),
  status: z.literal('read'),
  message_id: z.string().startsWith('wamid.'),
  typing_indicator: z.strictObject({ type: z.literal('text') }).optional(),
});

/** The body of `POST …/thread_control`. */
export const ThreadRequest = z
  .strictObject({
    messaging_product: z.literal('whatsapp'),
    to: z
      .string()
      .regex(/^\+?[1-9]\d{6,14}$/)
      .optional(),
    recipient: text.optional(),
    action: z.enum(['pass', 'release', 'take']),
    metadata: z.string().max(2_000).optional(),
    control_pass: z.object({ target_role: z.literal('ai_agent') }).optional(),
  })
  .refine(({ to, recipient }) => (to === undefined) !== (recipient === undefined), 'needs either to or recipient');
