import * as z from 'zod';
import type { HttpEvent, HttpResponse } from '../../../../functions/shared/http/handler.ts';
import { json } from '../../../../functions/shared/http/respond.ts';
import {
  type CatalogComponent,
  type CatalogTemplate,
  catalogPage,
  findInCatalog,
  placeholders,
} from '../template-catalog.ts';
import { isFilledBodyTooLong, templateTextFault } from '../whatsapp-limits.ts';

const Parameter = z.looseObject({
  type: z.string(),
  parameter_name: z.string().optional(),
  text: z.string().optional(),
});
const Filled = z.object({
  type: z.enum(['header', 'body', 'button', 'limited_time_offer']),
  sub_type: z.string().optional(),
  index: z.string().optional(),
  parameters: z.array(Parameter).min(1),
});
const Carousel = z.object({
  type: z.literal('carousel'),
  cards: z.array(z.object({ card_index: z.int(), components: z.array(Filled) })).min(1),
});
const Component = z.union([Filled, Carousel]);
type Component = z.infer<typeof Component>;

const isFilled = (component: Component): component is z.infer<typeof Filled> => component.type !== 'carousel';

/** `template` of a send in the Cloud API. */
export const Template = z.object({
  name: z.string().min(1),
  language: z.object({ code: z.string().min(1) }),
  components: z.array(Component).default([]),
});
export type Template = z.infer<typeof Template>;

/** Meta's error for a template that cannot be sent. */
export interface TemplateFault {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly details: string;
}

/** A page of the business account's templates; `after` is the cursor. */
export const listTemplates = ({ queryStringParameters: query }: HttpEvent): HttpResponse => {
  const { templates, from, to, next } = catalogPage(query?.['after']);
  const data = templates.map(({ ttlSeconds, ...template }, index) => ({
    ...template,
    message_send_ttl_seconds: ttlSeconds,
    id: String(1_000_000 + from + index),
    quality_score: { score: 'GREEN' },
  }));
  const cursors = { before: String(from), after: String(to) };
  const link = next === undefined ? {} : { next: `https://graph.facebook.com/next?after=${next}` };
  return json(200, { data, paging: { cursors, ...link } });
};

const given = (components: readonly Component[], place: string): readonly z.infer<typeof Parameter>[] =>
  components.filter(isFilled).find(({ type, index }) => (type === 'button' ? `button ${index}` : type) === place)
    ?.parameters ?? [];

type Wanted = readonly [place: string, least: number, most: number];
const exactly = (place: string, count: number): Wanted => [place, count, count];

const wantedOf = ({ type, format, text, buttons = [] }: CatalogComponent): readonly Wanted[] => {
  if (type === 'HEADER') return [exactly('header', format === 'IMAGE' ? 1 : placeholders(text).length)];
  if (type === 'BODY') return [exactly('body', placeholders(text).length)];
  if (type === 'LIMITED_TIME_OFFER') return [exactly('limited_time_offer', 1)];
  return buttons.map(({ type: kind, url }, index): Wanted => {
    if (kind === 'QUICK_REPLY') return [`button ${index}`, 0, 1];
    return exactly(`button ${index}`, kind === 'URL' ? placeholders(url).length : 1);
  });
};

/** The components of each card of a carousel, as they are registered and as they are sent. */
const cardsOf = (registered: readonly CatalogComponent[], sent: readonly Component[]) => {
  const cards = sent.flatMap((component) => (isFilled(component) ? [] : component.cards));
  return registered
    .flatMap(({ cards: some = [] }) => some)
    .map(({ components }, index) => ({
      components,
      sent: cards.find(({ card_index }) => card_index === index)?.components ?? [],
    }));
};

const countFaultIn = (registered: readonly CatalogComponent[], sent: readonly Component[]): string | undefined => {
  for (const [place, least, most] of registered.flatMap(wantedOf)) {
    const { length } = given(sent, place);
    if (length < least || length > most)
      return `${place}: number of localizable_params (${length}) does not match the expected number of params (${least})`;
  }
  return cardsOf(registered, sent)
    .map((card) => countFaultIn(card.components, card.sent))
    .find((fault) => fault !== undefined);
};

const namesFault = (template: CatalogTemplate, { components }: Template): string | undefined => {
  const names = template.components.flatMap(({ text }) => placeholders(text)).filter((name) => !/^\d+$/.test(name));
  const missing = names.find((name) => !given(components, 'body').some((one) => one.parameter_name === name));
  return missing === undefined ? undefined : `body: parameter ${missing} is missing`;
};

/** Values that WhatsApp refuses, and a body that they make too long. */
const valueFault = (template: CatalogTemplate, { components }: Template): string | undefined => {
  const texts = components.filter(isFilled).flatMap(({ parameters }) => parameters.flatMap(({ text = [] }) => text));
  const fault = texts.map(templateTextFault).find((one) => one !== undefined);
  if (fault !== undefined) return fault;
  const body = template.components.find(({ type }) => type === 'BODY')?.text ?? '';
  const values = given(components, 'body').map(({ text = '' }) => text);
  return isFilledBodyTooLong(body, values) ? 'Translated text too long' : undefined;
};

/** The price category of a template. */
export const templateCategory = ({ name, language }: Template): string => {
  const found = findInCatalog(name, language.code);
  return typeof found === 'string' ? 'service' : found.category.toLowerCase();
};

/** WhatsApp's own check of a template before it is sent: known, not paused, parameters complete. */
export const checkTemplate = (sent: Template): TemplateFault | undefined => {
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
  const value = valueFault(found, sent);
  const details = countFaultIn(found.components, sent.components) ?? namesFault(found, sent);
  if (details === undefined)
    return value === undefined
      ? undefined
      : { status: 400, code: 132_018, message: 'Template parameters are invalid', details: value };
  return {
    status: 400,
    code: 132_000,
    message: 'Number of parameters does not match the expected number of params',
    details,
  };
};
