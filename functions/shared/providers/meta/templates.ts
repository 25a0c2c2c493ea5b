import * as z from 'zod';
import type { MetaAccount } from '../../domain/config.ts';
import { readJson } from '../../domain/read-json.ts';
import type { MetaApiSecrets } from '../../domain/secrets.ts';
import { normalizeLanguage, type Template } from '../../domain/template.ts';
import { type CallOutcome, callOnce } from '../../network/http-call.ts';
import type { ProviderError, TemplateSource } from '../provider.ts';
import { toSecretsFailure } from '../secret-source.ts';
import { LIST_TIMEOUT_MS, listErrorClass, readPages, type TemplatePage, UNREADABLE_LIST } from '../template-pages.ts';
import { TtlSeconds, toComponents } from '../template-shape.ts';
import { toProviderError } from './errors.ts';
import { ErrorAnswer } from './schema.ts';

export interface MetaTemplatesDeps {
  readonly account: MetaAccount;
  readonly secrets: () => Promise<MetaApiSecrets>;
}

const PAGE_SIZE = 100;

const word = z.string().min(1);

/** A template as Meta lists it. */
export const ListedTemplate = z
  .object({
    name: word,
    language: word,
    status: word,
    category: z.string().default(''),
    quality_score: z.object({ score: z.string() }).optional().catch(undefined),
    components: z.array(z.unknown()).catch([]),
    message_send_ttl_seconds: TtlSeconds,
  })
  .transform(
    ({ name, language, status, category, quality_score, components, message_send_ttl_seconds }): Template => ({
      name,
      language: normalizeLanguage(language),
      status: status.toUpperCase(),
      category: category.toUpperCase(),
      quality: quality_score?.score,
      components: toComponents(components, category.toUpperCase()),
      ttlSeconds: message_send_ttl_seconds,
    }),
  );

/** The last page has `cursors.after` too: only `next` shows that there is another page. */
const Page = z
  .object({
    data: z.array(z.unknown()),
    paging: z
      .object({ next: z.string().optional(), cursors: z.object({ after: z.string().optional() }).optional() })
      .optional(),
  })
  .refine(({ paging }) => paging?.next === undefined || paging.cursors?.after !== undefined)
  .transform(
    ({ data, paging }): TemplatePage => ({
      elements: data,
      next: paging?.next === undefined ? undefined : paging.cursors?.after,
    }),
  );

/** Built from the cursor and our own base URL: Meta's absolute `next` contains the access token, and its own host. */
const urlOf = ({ baseUrl, graphVersion, wabaId }: MetaAccount, after: string | undefined): string => {
  const query = new URLSearchParams({
    fields: 'name,language,status,category,quality_score,components,message_send_ttl_seconds',
    limit: String(PAGE_SIZE),
    ...(after === undefined ? {} : { after }),
  });
  return `${baseUrl}/${graphVersion}/${wabaId}/message_templates?${query.toString()}`;
};

const toError = (answer: CallOutcome): ProviderError => {
  if (answer.kind !== 'answered')
    return { code: answer.code, title: 'Meta did not list the templates', class: 'retry_now' };
  const body = readJson(answer.text, ErrorAnswer);
  if (body !== undefined) return toProviderError(body.error);
  const { status } = answer;
  return { code: `http_${status}`, title: 'Meta did not list the templates', class: listErrorClass(status) };
};

const readPage = async (
  account: MetaAccount,
  token: string,
  after: string | undefined,
): Promise<TemplatePage | ProviderError> => {
  const answer = await callOnce({
    url: urlOf(account, after),
    headers: { authorization: `Bearer ${token}` },
    timeoutMs: LIST_TIMEOUT_MS,
  });
  if (answer.kind !== 'answered' || answer.status !== 200) return toError(answer);
  return readJson(answer.text, Page) ?? UNREADABLE_LIST;
};

/** Reads the templates of a WhatsApp business account. */
export const createMetaTemplateSource = ({ account, secrets }: MetaTemplatesDeps): TemplateSource => ({
  list: () =>
    secrets().then(
      ({ accessToken }) => readPages(ListedTemplate, (after) => readPage(account, accessToken, after)),
      (error: unknown) => ({ kind: 'failed', error: toSecretsFailure(error).error }),
    ),
});
