import * as z from 'zod';
import type { HttpEvent, HttpResponse } from '../../../../functions/shared/http/handler.ts';
import { json } from '../../../../functions/shared/http/respond.ts';
import { CATALOG, type CatalogTemplate, findInCatalog, placeholders } from '../template-catalog.ts';
import type { SinchReport } from './webhook.ts';

const Sent = z.object({
  template_message: z.object({
    channel_template: z.object({
      WHATSAPP: z.object({
        template_id: z.string().min(1),
        language_code: z.string().min(1),
        parameters: z.record(z.string(), z.string()).default({}),
      }),
    }),
  }),
});

/** Small, so that there is another page to follow. */
const PAGE_SIZE = 4;

/** A page of the project's templates; the page token is the place in the list. */
export const listSinchTemplates = ({ queryStringParameters: query }: HttpEvent): HttpResponse => {
  const from = Number(query?.['pageToken'] ?? 0);
  const to = from + PAGE_SIZE;
  const templates = CATALOG.slice(from, to).map(({ name, language, status, category, components }) => ({
    name,
    language: language.toUpperCase(),
    category,
    state: status,
    qualityScore: 'QUALITY_SCORE_GREEN',
    isMetaGenerated: false,
    details: { components },
  }));
  const next = to < CATALOG.length ? { nextPageToken: String(to) } : {};
  return json(200, { totalSize: CATALOG.length, pageSize: templates.length, ...next, templates });
};

/** Every key that a template's parameters must have. */
const keysOf = ({ components }: CatalogTemplate): readonly string[] =>
  components.flatMap(({ type, format, text, buttons = [] }) => {
    if (format === 'IMAGE') return ['header[1]image.link'];
    const texts = placeholders(text).map((_, index) => `${type.toLowerCase()}[${index + 1}]text`);
    const taps = buttons.flatMap(({ type: kind, url }, index) =>
      kind === 'URL'
        ? placeholders(url).map(() => `button[${index}]url[1]text`)
        : [`button[${index}]quick_reply[1]payload`],
    );
    return [...texts, ...taps];
  });

const failure = (code: string): SinchReport => ({ status: 'failed', code });

/** What WhatsApp finds wrong with a template, told later as a failed delivery; wrong keys fail as missing ones do. */
export const sinchTemplateFault = (message: object): SinchReport | undefined => {
  const sent = Sent.safeParse(message).data?.template_message.channel_template.WHATSAPP;
  if (sent === undefined) return undefined;
  const found = findInCatalog(sent.template_id, sent.language_code);
  if (found === 'no_name') return failure('TEMPLATE_NOT_FOUND');
  if (found === 'no_language') return failure('TEMPLATE_NON_EXISTING_LANGUAGE_OR_VERSION');
  if (found.status === 'PAUSED') return failure('CHANNEL_REJECT');
  const given = Object.keys(sent.parameters).toSorted();
  const isComplete = JSON.stringify(given) === JSON.stringify(keysOf(found).toSorted());
  return isComplete ? undefined : failure('TEMPLATE_INSUFFICIENT_PARAMETERS');
};
