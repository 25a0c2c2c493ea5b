import * as z from 'zod';
import type { Choice, ShownFile, ShownMessage } from '../shown-message.ts';

type Shown = Omit<ShownMessage, 'type'>;

const text = z.string();
const optional = text.optional();
const Source = z.object({ id: optional, link: optional, filename: optional });
type Source = z.infer<typeof Source>;

const fileOf = (type: string, { filename, ...source }: Source): ShownFile => ({ type, ...source, name: filename });

const Header = z
  .object({ text: optional, image: Source.optional(), video: Source.optional(), document: Source.optional() })
  .transform(({ text: header, ...files }): Shown => {
    const [found] = Object.entries(files).filter(([, source]) => source !== undefined);
    const [type, source] = found ?? [];
    return { header, file: type === undefined || source === undefined ? undefined : fileOf(type, source) };
  });

const Button = z.union([
  z.object({ reply: z.object({ id: text, title: text }) }).transform(({ reply }) => reply),
  z.object({ quick_reply: z.object({ id: text, title: text }) }).transform(({ quick_reply }) => quick_reply),
]);
const Row = z.object({ id: text, title: text, description: optional });
const Parameters = z.object({
  display_text: optional,
  url: optional,
  flow_cta: optional,
  flow_token: optional,
});

const Action = z.object({
  buttons: z.array(Button).default([]),
  sections: z.array(z.object({ rows: z.array(Row).default([]) })).default([]),
  parameters: Parameters.optional(),
});

const parameterChoice = ({
  display_text,
  url,
  flow_cta,
  flow_token,
}: z.infer<typeof Parameters>): readonly Choice[] => {
  if (flow_cta !== undefined) return [{ kind: 'flow', id: flow_token ?? 'unused', title: flow_cta }];
  return url === undefined ? [] : [{ kind: 'link', id: url, title: display_text ?? url }];
};

const choicesIn = ({ buttons, sections, parameters }: z.infer<typeof Action>): Choice[] => [
  ...buttons.map((button): Choice => ({ kind: 'button', ...button })),
  ...sections.flatMap(({ rows }) => rows).map((row): Choice => ({ kind: 'row', ...row })),
  ...(parameters === undefined ? [] : parameterChoice(parameters)),
];

const frame = { header: Header.optional(), body: z.object({ text }).optional() };

const Card = z.object({ ...frame, action: Action }).transform(
  ({ header, body, action }): ShownMessage => ({
    type: 'card',
    ...header,
    text: body?.text,
    choices: choicesIn(action),
  }),
);

const Asked = z
  .object({
    ...frame,
    footer: z.object({ text }).optional(),
    action: Action.extend({ cards: z.array(Card).optional() }),
  })
  .transform(
    ({ header, body, footer, action }): Shown => ({
      ...header,
      text: body?.text,
      footer: footer?.text,
      choices: choicesIn(action),
      cards: action.cards,
    }),
  );

const Answered = z.union([
  z.object({ button_reply: z.object({ title: text }) }).transform(({ button_reply: { title } }) => title),
  z.object({ list_reply: z.object({ title: text }) }).transform(({ list_reply: { title } }) => title),
  z.object({ nfm_reply: z.object({ body: text }) }).transform(({ nfm_reply: { body } }) => body),
]);

/** `interactive` of a message to the customer, or of the customer's answer to one. */
export const shownInteractive: z.ZodType<Shown> = z.union([
  Answered.transform((title): Shown => ({ text: title })),
  Asked,
]);
