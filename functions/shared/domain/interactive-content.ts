import * as z from 'zod';
import { characters, HttpUrl } from './content-fields.ts';
import { mediaUrlFault } from './media-url.ts';

const mustDiffer = (values: readonly string[], what: string, context: z.RefinementCtx) => {
  if (new Set(values).size !== values.length) context.addIssue({ code: 'custom', message: `${what} must differ` });
};

/** A picture, video or document above the body. */
const MediaHeader = z
  .strictObject({
    type: z.enum(['image', 'video', 'document']),
    url: HttpUrl.optional(),
    mediaId: characters(256).optional(),
    filename: characters(240).optional().meta({ description: 'Of a document' }),
  })
  .superRefine(({ type, url, mediaId, filename }, context) => {
    const refuse = (path: string, message: string | undefined) => {
      if (message !== undefined) context.addIssue({ code: 'custom', path: [path], message });
    };
    if ((url === undefined) === (mediaId === undefined)) refuse('url', 'give either url or mediaId');
    else refuse('url', mediaUrlFault(type, url));
    if (filename !== undefined && type !== 'document') refuse('filename', 'is for a document alone');
  })
  .meta({ id: 'MediaHeader' });
export type MediaHeader = z.infer<typeof MediaHeader>;

const Header = z.union([characters(60), MediaHeader]).meta({ description: 'A text, or a picture, video or document' });

export const Buttons = z
  .strictObject({
    type: z.literal('buttons'),
    body: characters(1_024),
    header: Header.optional(),
    footer: characters(60).optional(),
    buttons: z
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
      }),
  })
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
  for (const [index, { title }] of sections.entries())
    if (sections.length > 1 && title === undefined)
      context.addIssue({
        code: 'custom',
        path: [index, 'title'],
        message: 'is required when there are several sections',
      });
};

export const List = z
  .strictObject({
    type: z.literal('list'),
    body: characters(4_096),
    button: characters(20),
    header: characters(60).optional(),
    footer: characters(60).optional(),
    sections: z
      .array(Section)
      .min(1)
      .max(10, 'has more than 10 sections, the most that WhatsApp allows')
      .superRefine(withinListLimits),
  })
  .meta({ id: 'ListContent' });
