import * as z from 'zod';
import type { HttpEvent, HttpResponse } from '../../../../functions/shared/http/handler.ts';
import { json } from '../../../../functions/shared/http/respond.ts';
import { CATALOG, type CatalogTemplate, findInCatalog, placeholders } from '../template-catalog.ts';

const Parameter = z.looseObject({ type: z.string(), parameter_name: z.string().optional() });
const Component = z.object({
  type: z.enum(['header', 'body', 'button']),
  sub_type: z.string().optional(),
  index: z.string().optional(),
  parameters: z.array(Parameter).min(1),
});
type Component = z.infer<typeof Component>;

/** `template` of a send as the Cloud API reads it. */
export const MetaTemplate = z.object({
  name: z.string().min(1),
  language: z.object({ code: z.string().min(1) }),
  components: z.array(Component).default([]),
});
type MetaTemplate = z.infer<typeof MetaTemplate>;

/** Meta's words for a template that cannot go. */
export interface TemplateFault {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly details: string;
}

/** Small, so that there is another page to follow. */
const PAGE_SIZE = 4;

/** A page of the business account's templates; `after` is the place in the list. */
export const listMetaTemplates = ({ queryStringParameters: query }: HttpEvent): HttpResponse => {
  const from = Number(query?.['after'] ?? 0);
  const to = from + PAGE_SIZE;
  const data = CATALOG.slice(from, to).map((template, index) => ({
    ...template,
    id: String(1_000_000 + from + index),
    quality_score: { score: 'GREEN' },
  }));
  const cursors = { before: String(from), after: String(to) };
  const next = to < CATALOG.length ? { next: `https://graph.facebook.com/next?after=${to}` } : {};
  return json(200, { data, paging: { cursors, ...next } });
};

const given = (components: readonly Component[], place: string): readonly z.infer<typeof Parameter>[] =>
  components.find(({ type, index }) => (type === 'button' ? `button ${index}` : type) === place)?.parameters ?? [];

const exactly = (place: string, count: number) => [place, count, count] as const;

/** The number of parameters that each place of a template takes. */
const wanted = ({ components }: CatalogTemplate): readonly (readonly [place: string, least: number, most: number])[] =>
  components.flatMap(({ type, format, text, buttons = [] }) => {
    if (type === 'HEADER') return [exactly('header', format === 'IMAGE' ? 1 : placeholders(text).length)];
    if (type === 'BODY') return [exactly('body', placeholders(text).length)];
    return buttons.map(({ type: kind, url }, index) =>
      kind === 'URL' ? exactly(`button ${index}`, placeholders(url).length) : ([`button ${index}`, 0, 1] as const),
    );
  });

const namesFault = (template: CatalogTemplate, { components }: MetaTemplate): string | undefined => {
  const names = template.components.flatMap(({ text }) => placeholders(text)).filter((name) => !/^\d+$/.test(name));
  const missing = names.find((name) => !given(components, 'body').some((one) => one.parameter_name === name));
  return missing === undefined ? undefined : `body: parameter ${missing} is missing`;
};

const countFault = (template: CatalogTemplate, { components }: MetaTemplate): string | undefined => {
  for (const [place, least, most] of wanted(template)) {
    const { length } = given(components, place);
    if (length < least || length > most)
      return `${place}: number of localizable_params (${length}) does not match the expected number of params (${least})`;
  }
  return undefined;
};

/** What a template is charged as. */
export const metaCategory = ({ name, language }: MetaTemplate): string | undefined =>
  CATALOG.find((template) => template.name === name && template.language === language.code)?.category.toLowerCase();

/** WhatsApp's own check of a template that is to go: known, not paused, its parameters counted. */
export const metaTemplateFault = (sent: MetaTemplate): TemplateFault | undefined => {
  const found = findInCatalog(sent.name, sent.language.code);
  if (typeof found === 'string')
    return {
      status: 404,
      code: 132_001,
      message: 'Template name does not exist in the translation',
      details: `template name (${sent.name}) does not exist in ${sent.language.code}`,
    };
  if (found.status === 'PAUSED')
    return { status: 400, code: 132_015, message: 'Template is Paused', details: 'Paused for low quality' };
  const details = countFault(found, sent) ?? namesFault(found, sent);
  if (details === undefined) return undefined;
  return {
    status: 400,
    code: 132_000,
    message: 'Number of parameters does not match the expected number of params',
    details,
  };
};
