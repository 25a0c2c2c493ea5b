import * as z from 'zod';
import type { HttpEvent, HttpResponse } from '../../../../functions/shared/http/handler.ts';
import { json } from '../../../../functions/shared/http/respond.ts';
import {
  CATALOG,
  type CatalogButton,
  type CatalogTemplate,
  catalogPage,
  findInCatalog,
  placeholders,
} from '../template-catalog.ts';
import type { StatusReport } from '../webhook.ts';
import { isFilledBodyTooLong } from '../whatsapp-limits.ts';

export const Sent = z.object({
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

/** A page of the project's templates. */
export const listTemplates = ({ queryStringParameters: query }: HttpEvent): HttpResponse => {
  const page = catalogPage(query?.['pageToken']);
  const templates = page.templates.map(({ name, language, status, category, components, ttlSeconds }) => ({
    name,
    language: language.toUpperCase(),
    category,
    state: status,
    qualityScore: 'QUALITY_SCORE_GREEN',
    isMetaGenerated: false,
    details: { components, messageSendTtlSeconds: ttlSeconds },
  }));
  const next = page.next === undefined ? {} : { nextPageToken: page.next };
  return json(200, { totalSize: CATALOG.length, pageSize: templates.length, ...next, templates });
};

const buttonKeys = ({ type, url }: CatalogButton, stem: string): readonly string[] => {
  switch (type) {
    case 'URL':
      return placeholders(url).map(() => `${stem}url[1]text`);
    case 'OTP':
      return [`${stem}url[1]text`];
    case 'COPY_CODE':
      return [`${stem}copy_code[1]coupon_code`];
    case 'FLOW':
      return [`${stem}flow[1]action.type`];
    case 'QUICK_REPLY':
      return [`${stem}quick_reply[1]payload`];
  }
};

/** The keys of a template's parameters. */
const parameterKeys = ({ components }: CatalogTemplate): readonly string[] =>
  components.flatMap(({ type, format, text, buttons = [] }) => {
    if (format === 'IMAGE') return ['header[1]image.link'];
    const texts = placeholders(text).map((_, index) => `${type.toLowerCase()}[${index + 1}]text`);
    return [...texts, ...buttons.flatMap((button, index) => buttonKeys(button, `button[${index}]`))];
  });

const failure = (code: string): StatusReport => ({ status: 'failed', code });

type Parameters = Readonly<Record<string, string>>;

const hasTooLongBody = ({ components }: CatalogTemplate, parameters: Parameters): boolean => {
  const { text = '' } = components.find(({ type }) => type === 'BODY') ?? {};
  const values = Object.entries(parameters).filter(([key]) => key.startsWith('body['));
  return isFilledBodyTooLong(
    text,
    values.map(([, value]) => value),
  );
};

/** WhatsApp's own check of a template, reported later as a failed delivery; wrong keys fail as missing ones do. */
export const checkTemplate = (message: object): StatusReport | undefined => {
  const sent = Sent.safeParse(message).data?.template_message.channel_template.WHATSAPP;
  if (sent === undefined) return undefined;
  const found = findInCatalog(sent.template_id, sent.language_code);
  if (found === 'unknown_name') return failure('TEMPLATE_NOT_FOUND');
  if (found === 'unknown_language') return failure('TEMPLATE_NON_EXISTING_LANGUAGE_OR_VERSION');
  if (found.status === 'PAUSED') return failure('CHANNEL_REJECT');
  const given = Object.keys(sent.parameters).toSorted();
  const isComplete = JSON.stringify(given) === JSON.stringify(parameterKeys(found).toSorted());
  if (!isComplete) return failure('TEMPLATE_INSUFFICIENT_PARAMETERS');
  return hasTooLongBody(found, sent.parameters) ? failure('BAD_REQUEST') : undefined;
};
