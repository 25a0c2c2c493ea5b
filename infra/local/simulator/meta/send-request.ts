import * as z from 'zod';
import { isReaction, isSendable, listRows, replyButtons, visible } from '../whatsapp-limits.ts';
import { Template } from './templates.ts';

const text = z.string().min(1);
const media = (type: string) =>
  z
    .object({
      id: text.optional(),
      link: z.url().optional(),
      caption: visible(1024).optional(),
      filename: text.optional(),
    })
    .refine(({ id, link }) => (id === undefined) !== (link === undefined), 'needs either id or link')
    .refine(({ link }) => isSendable(type, link), { path: ['link'], error: 'Unsupported media type' });

const textHeader = z.object({ type: z.literal('text'), text: visible(60) });
const frame = { footer: z.object({ text: visible(60) }).optional() };

const Buttons = z.object({
  ...frame,
  type: z.literal('button'),
  header: z
    .discriminatedUnion('type', [
      textHeader,
      z.object({ type: z.literal('image'), image: media('image') }),
      z.object({ type: z.literal('video'), video: media('video') }),
      z.object({ type: z.literal('document'), document: media('document') }),
    ])
    .optional(),
  body: z.object({ text: visible(1024) }),
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

/** The content that the Cloud API requires for each `type`. */
const CONTENT: Readonly<Record<string, z.ZodType>> = {
  text: z.object({ body: visible(4096), preview_url: z.boolean().optional() }),
  image: media('image'),
  audio: media('audio'),
  video: media('video'),
  document: media('document'),
  sticker: media('sticker'),
  location: z.object({ latitude: z.coerce.number(), longitude: z.coerce.number() }),
  contacts: z.array(z.object({ name: z.object({ formatted_name: text }) })).min(1),
  interactive: z.discriminatedUnion('type', [Buttons, List]),
  reaction: z.object({ message_id: text, emoji: z.string().refine(isReaction, 'is not an emoji') }),
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
