import * as z from 'zod';
import type { ShownMessage } from '../shown-message.ts';
import { shownInteractive } from './shown-interactive.ts';
import { shownMetaTemplate } from './shown-template.ts';

const text = z.string();
const optional = text.optional();

type Shown = Omit<ShownMessage, 'type'>;

const media = (type: string) =>
  z.object({ id: optional, link: optional, caption: optional, filename: optional }).transform(
    ({ caption, filename, ...source }): Shown => ({
      text: caption,
      file: { type, ...source, name: filename },
    }),
  );

const Contact = z
  .object({
    name: z.object({ formatted_name: text }),
    phones: z.array(z.object({ phone: optional })).default([]),
  })
  .transform(({ name, phones: [first] }) => ({ name: name.formatted_name, phone: first?.phone }));

const quickReply = (title: string | undefined): Shown => ({ text: title });

/** What is shown of each type that WhatsApp delivers in either direction. */
const SHOWN: Readonly<Record<string, z.ZodType<Shown>>> = {
  text: z.object({ body: text }).transform(({ body }): Shown => ({ text: body })),
  image: media('image'),
  video: media('video'),
  audio: media('audio'),
  document: media('document'),
  sticker: media('sticker'),
  location: z
    .object({ latitude: z.coerce.number(), longitude: z.coerce.number(), name: optional, address: optional })
    .transform((location): Shown => ({ location })),
  contacts: z.array(Contact).transform((contacts): Shown => ({ contacts })),
  reaction: z
    .object({ message_id: text, emoji: text.default('') })
    .transform(({ message_id: messageId, emoji }): Shown => ({ reaction: { messageId, emoji } })),
  button: z.object({ text: optional }).transform(({ text: title }) => quickReply(title)),
  interactive: shownInteractive,
  template: shownMetaTemplate,
};

const Message = z.looseObject({
  type: text.default('unknown'),
  context: z.object({ message_id: optional, id: optional }).optional(),
});

/** What the customer's phone shows of a message of the Cloud API or of its webhooks. */
export const shown = (message: unknown): ShownMessage => {
  const { type, context, ...contents } = Message.catch({ type: 'unknown' }).parse(message);
  const content = SHOWN[type]?.safeParse(contents[type]).data;
  return { type, ...content, replyTo: context?.message_id ?? context?.id };
};
