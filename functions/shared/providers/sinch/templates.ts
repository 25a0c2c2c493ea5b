import * as z from 'zod';
import type { SinchAccount } from '../../domain/config.ts';
import { readJson } from '../../domain/read-json.ts';
import type { SinchApiSecrets } from '../../domain/secrets.ts';
import { normalizeLanguage, type Template } from '../../domain/template.ts';
import { type CallOutcome, callOnce } from '../../network/http-call.ts';
import type { ProviderError, TemplateSource } from '../provider.ts';
import { LIST_TIMEOUT_MS, listErrorClass, readPages, type TemplatePage, UNREADABLE_LIST } from '../template-pages.ts';
import { TtlSeconds, toComponents } from '../template-shape.ts';
import { toError } from './errors.ts';
import { callWithToken, createTokenSource, type TokenDeps, type TokenSource } from './token.ts';

export interface SinchTemplatesDeps extends Pick<TokenDeps, 'sleep' | 'random'> {
  readonly account: SinchAccount;
  readonly secrets: () => Promise<SinchApiSecrets>;
  readonly now: () => Date;
}

const PAGE_SIZE = 200;

const word = z.string().min(1);

/** A draft, or a template in its first review, has no `state`, only the status of its `changes`. */
const Listed = z
  .object({
    name: word,
    language: word,
    state: word.optional(),
    changes: z.object({ status: word }).optional().catch(undefined),
    category: z.string().default(''),
    qualityScore: z.string().optional(),
    details: z
      .object({ components: z.array(z.unknown()).catch([]), messageSendTtlSeconds: TtlSeconds })
      .optional()
      .catch(undefined),
  })
  .transform(({ name, language, state, changes, category, qualityScore, details }): Template | undefined =>
    language === 'UNRECOGNIZED'
      ? undefined
      : {
          name,
          language: normalizeLanguage(language),
          status: (state ?? changes?.status ?? 'UNKNOWN').toUpperCase(),
          category: category.toUpperCase(),
          quality: qualityScore?.replace(/^QUALITY_SCORE_/, ''),
          components: toComponents(details?.components ?? [], category.toUpperCase()),
          ttlSeconds: details?.messageSendTtlSeconds,
        },
  );

const Page = z
  .object({ templates: z.array(z.unknown()), nextPageToken: z.string().nullish() })
  .transform(
    ({ templates, nextPageToken }): TemplatePage => ({ elements: templates, next: nextPageToken || undefined }),
  );

/** https://developers.sinch.com/docs/provisioning-api/api-reference/provisioning-api/whatsapp-templates */
const urlOf = ({ provisioningUrl, projectId }: SinchAccount, pageToken: string | undefined): string => {
  const query = new URLSearchParams({
    pageSize: String(PAGE_SIZE),
    ...(pageToken === undefined ? {} : { pageToken }),
  });
  return `${provisioningUrl}/v1/projects/${encodeURIComponent(projectId)}/whatsapp/templates?${query.toString()}`;
};

/** Errors of the provisioning API have their code in `errorCode`, unlike those of the Conversation API. */
const ErrorBody = z.object({ errorCode: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/) });

const toFailure = (answer: CallOutcome): ProviderError => {
  if (answer.kind !== 'answered') return toError(answer.code, 'retry_now');
  const code = readJson(answer.text, ErrorBody)?.errorCode ?? `http_${answer.status}`;
  return toError(code, listErrorClass(answer.status));
};

const readPage = async (tokens: TokenSource, url: string): Promise<TemplatePage | ProviderError> => {
  const answer = await callWithToken(tokens, (authorization) =>
    callOnce({ url, headers: { authorization }, timeoutMs: LIST_TIMEOUT_MS }),
  );
  if ('error' in answer) return answer.error;
  if (answer.kind !== 'answered' || answer.status !== 200) return toFailure(answer);
  return readJson(answer.text, Page) ?? UNREADABLE_LIST;
};

/** Reads the WhatsApp templates of a Sinch project. */
export const createSinchTemplateSource = (deps: SinchTemplatesDeps): TemplateSource => {
  const { account } = deps;
  const tokens = createTokenSource({ ...deps, authUrl: account.authUrl });
  return { list: () => readPages(Listed, (pageToken) => readPage(tokens, urlOf(account, pageToken))) };
};
