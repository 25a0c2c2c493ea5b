import * as z from 'zod';
import type { Choice, ShownMessage } from '../shown-message.ts';
import { shownTemplate } from '../shown-template.ts';
import { findInCatalog } from '../template-catalog.ts';
import { Sent } from './templates.ts';

const text = z.string();
const optional = text.optional();

const TextChoice = z
  .object({ text_message: z.object({ text }), postback_data: text })
  .transform(({ text_message, postback_data: id }): Choice => ({ kind: 'button', id, title: text_message.text }));

const Row = z
  .object({ choice: z.object({ title: text, description: optional, postback_data: text }) })
  .transform(({ choice: { postback_data: id, ...row } }): Choice => ({ kind: 'row', id, ...row }));

const Media = z.object({ url: text, filename_override: optional });

const IMAGES = /\.(?:jpe?g|png|webp)$/i;
const VIDEOS = /\.(?:mp4|3gpp?)$/i;
const SOUNDS = /\.(?:ogg|opus|mp3|m4a|aac|amr)$/i;

/** Sinch derives the kind of a file from its link. */
const kindOf = (url: string): string => {
  const path = URL.canParse(url) ? new URL(url).pathname : url;
  if (IMAGES.test(path)) return 'image';
  if (VIDEOS.test(path)) return 'video';
  return SOUNDS.test(path) ? 'audio' : 'document';
};

const fileOf = ({ url, filename_override: name }: z.infer<typeof Media>) => ({ type: kindOf(url), link: url, name });

const shownSinchTemplate = Sent.shape.template_message.transform(({ channel_template: { WHATSAPP: sent } }) => {
  const found = findInCatalog(sent.template_id, sent.language_code);
  if (typeof found === 'string') return { text: sent.template_id };
  const { parameters } = sent;
  const value = (pattern: RegExp): string | undefined =>
    Object.entries(parameters).find(([key]) => pattern.test(key))?.[1];
  const link = parameters['header[1]image.link'];
  return shownTemplate(found, {
    textsOf: (place) =>
      Object.fromEntries(
        Object.entries(parameters).flatMap(([key, filled]) => {
          const index = new RegExp(`^${place}\\[(\\d+)\\]text$`).exec(key)?.[1];
          return index === undefined ? [] : [[index, filled]];
        }),
      ),
    headerFile: link === undefined ? undefined : { link },
    buttonValue: (index) => value(new RegExp(`^button\\[${index}\\]`)),
  });
});

type Shown = Omit<ShownMessage, 'type'>;

/** What is shown of each kind of message, in either direction. */
const SHOWN: Readonly<Record<string, z.ZodType<Shown>>> = {
  text_message: z.object({ text }),
  media_message: Media.transform((media): Shown => ({ file: fileOf(media) })),
  media_card_message: Media.extend({ caption: optional }).transform(
    ({ caption, ...media }): Shown => ({
      text: caption,
      file: fileOf(media),
    }),
  ),
  location_message: z
    .object({
      title: optional,
      label: optional,
      coordinates: z.object({ latitude: z.number(), longitude: z.number() }),
    })
    .transform(
      ({ title, label, coordinates }): Shown => ({ location: { ...coordinates, name: title, address: label } }),
    ),
  contact_info_message: z
    .object({
      name: z.object({ full_name: text }),
      phone_numbers: z.array(z.object({ phone_number: text })),
    })
    .transform(
      ({ name, phone_numbers: [first] }): Shown => ({
        contacts: [{ name: name.full_name, phone: first?.phone_number }],
      }),
    ),
  choice_message: z
    .object({
      text_message: z.object({ text }),
      choices: z.array(TextChoice),
      message_properties: z.object({ whatsapp_footer: optional }).optional(),
    })
    .transform(
      ({ text_message, choices, message_properties: more }): Shown => ({
        text: text_message.text,
        choices,
        footer: more?.whatsapp_footer,
      }),
    ),
  card_message: z
    .object({
      title: text,
      description: optional,
      media_message: Media.optional(),
      message_properties: z.object({ whatsapp_header: optional }).optional(),
      choices: z.array(TextChoice).optional(),
    })
    .transform(
      ({ title, description, media_message: media, message_properties: more, choices }): Shown => ({
        header: more?.whatsapp_header,
        text: title,
        footer: description,
        file: media === undefined ? undefined : fileOf(media),
        choices,
      }),
    ),
  list_message: z
    .object({
      title: text,
      sections: z.array(z.object({ items: z.array(z.unknown()) })),
      message_properties: z.object({ whatsapp_header: optional }).optional(),
    })
    .transform(
      ({ title, sections, message_properties: more }): Shown => ({
        header: more?.whatsapp_header,
        text: title,
        choices: sections.flatMap(({ items }) => items).flatMap((item) => Row.safeParse(item).data ?? []),
      }),
    ),
  template_message: shownSinchTemplate,
  channel_specific_message: z.union([
    z
      .object({
        WHATSAPP: z.object({
          message: z.object({ body: z.object({ text }), flow_cta: text, flow_token: optional }),
        }),
      })
      .transform(
        ({ WHATSAPP: { message } }): Shown => ({
          text: message.body.text,
          choices: [{ kind: 'flow', id: message.flow_token ?? 'unused', title: message.flow_cta }],
        }),
      ),
    z
      .object({ message: z.object({ nfm_reply: z.object({ body: text }) }) })
      .transform(({ message: { nfm_reply } }): Shown => ({ text: nfm_reply.body })),
  ]),
};

const ReplyTo = z.object({ reply_to: z.object({ message_id: text }) });

const Reaction = z
  .object({ reaction_event: z.object({ emoji: text.default(''), action: optional, message_id: text }) })
  .transform(({ reaction_event: { emoji, action, message_id: messageId } }) => ({
    messageId,
    emoji: action === 'REACTION_ACTION_UNREACT' ? '' : emoji,
  }));

/** What the customer's phone shows of a message of the Conversation API or of its callbacks. */
export const shown = (message: object): ShownMessage => {
  const [type = 'unknown', content] = Object.entries(message).find(([key]) => Object.hasOwn(SHOWN, key)) ?? [];
  return {
    type,
    ...SHOWN[type]?.safeParse(content).data,
    replyTo: ReplyTo.safeParse(message).data?.reply_to.message_id,
  };
};

/** A reaction, which Sinch reports as an event. */
export const shownReaction = (event: unknown): ShownMessage => ({
  type: 'reaction',
  reaction: Reaction.safeParse(event).data,
});
