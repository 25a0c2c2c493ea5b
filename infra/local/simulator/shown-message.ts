import * as z from 'zod';

const text = z.string();
const optional = text.optional();

/** Something that a customer can tap in a message. */
const Choice = z.strictObject({
  kind: z.enum(['button', 'row', 'quick_reply', 'flow', 'link', 'copy_code']),
  /** What the business gets when it is tapped; of a link, its URL. */
  id: text,
  title: text,
  description: optional,
});
export type Choice = z.infer<typeof Choice>;

/** A file as a phone shows it: from a link, or from the provider's shelf. */
const ShownFile = z.strictObject({ type: text, id: optional, link: optional, name: optional });
export type ShownFile = z.infer<typeof ShownFile>;

/** What a customer's phone shows of a message, read from the provider's own format. */
export const ShownMessage = z.strictObject({
  /** The type as the provider names it. */
  type: text,
  header: optional,
  text: optional,
  footer: optional,
  file: ShownFile.optional(),
  location: z
    .strictObject({ latitude: z.number(), longitude: z.number(), name: optional, address: optional })
    .optional(),
  contacts: z.array(z.strictObject({ name: text, phone: optional })).optional(),
  reaction: z.strictObject({ messageId: text, emoji: text }).optional(),
  choices: z.array(Choice).optional(),
  /** The cards of a carousel. */
  get cards() {
    return z.array(ShownMessage).optional();
  },
  /** The message that it quotes. */
  replyTo: optional,
});
export type ShownMessage = z.infer<typeof ShownMessage>;

/** The choices of a message and of its cards. */
export const choicesOf = ({ choices = [], cards = [] }: ShownMessage): readonly Choice[] => [
  ...choices,
  ...cards.flatMap(choicesOf),
];
