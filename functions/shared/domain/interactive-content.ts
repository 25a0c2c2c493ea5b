import * as z from 'zod';
import { characters, mustDiffer, mustHaveTitles } from './content-fields.ts';
import { ONE_SOURCE, oneSource, source } from './media-source.ts';

export const body = characters(1_024);
export const footer = characters(60).optional();

/** A picture, video or document above the body. */
const MediaHeader = z
  .strictObject({
    type: z.enum(['image', 'video', 'document']),
    ...source,
    filename: characters(240).optional().meta({ description: 'Of a document' }),
  })
  .superRefine(oneSource)
  .superRefine(({ type, filename }, context) => {
    if (filename !== undefined && type !== 'document')
      context.addIssue({ code: 'custom', path: ['filename'], message: 'is for a document alone' });
  })
  .meta({ id: 'MediaHeader', ...ONE_SOURCE });
export type MediaHeader = z.infer<typeof MediaHeader>;

export const Header = z
  .union([characters(60), MediaHeader])
  .meta({ description: 'A text, or a picture, video or document' });

/** Up to three buttons that answer with their id. */
export const ReplyButtons = z
  .array(z.strictObject({ id: characters(256), title: characters(20) }))
  .min(1, 'needs at least one button')
  .max(3, 'has more than 3 buttons, the most that WhatsApp allows')
  .superRefine((buttons, context) => {
    mustDiffer(
      buttons.map(({ id }) => id),
      'button ids',
      context,
    );
    mustDiffer(
      buttons.map(({ title }) => title),
      'button titles',
      context,
    );
  });

export const Buttons = z
  .strictObject({ type: z.literal('buttons'), body, header: Header.optional(), footer, buttons: ReplyButtons })
  .meta({ id: 'ButtonsContent' });

const Row = z.strictObject({ id: characters(200), title: characters(24), description: characters(72).optional() });
const Section = z.strictObject({
  title: characters(24).optional(),
  rows: z.array(Row).min(1, 'needs at least one row'),
});

const withinListLimits = (sections: readonly z.infer<typeof Section>[], context: z.RefinementCtx) => {
  const rowIds = sections.flatMap(({ rows }) => rows.map(({ id }) => id));
  mustDiffer(rowIds, 'row ids', context);
  if (rowIds.length > 10)
    context.addIssue({ code: 'custom', message: `have ${rowIds.length} rows in all, WhatsApp allows at most 10` });
  mustHaveTitles(sections, context);
};

export const List = z
  .strictObject({
    type: z.literal('list'),
    body: characters(4_096),
    button: characters(20),
    header: characters(60).optional(),
    footer,
    sections: z
      .array(Section)
      .min(1)
      .max(10, 'has more than 10 sections, the most that WhatsApp allows')
      .superRefine(withinListLimits),
  })
  .meta({ id: 'ListContent' });
