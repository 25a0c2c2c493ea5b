import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import type { AwsSocialAccount } from '../../domain/aws-social-account.ts';
import { readJson } from '../../domain/read-json.ts';
import type { AwsSocialApiSecrets } from '../../domain/secrets.ts';
import type { CallOutcome } from '../../network/http-call.ts';
import { ListedTemplate } from '../meta/templates.ts';
import type { ProviderError, TemplateSource } from '../provider.ts';
import { toSecretsFailure } from '../secret-source.ts';
import { LIST_TIMEOUT_MS, readPages, type TemplatePage, UNREADABLE_LIST } from '../template-pages.ts';
import { toProviderError } from './errors.ts';
import { type Caller, callSigned, type SignedCall } from './signed-call.ts';

export interface AwsSocialTemplatesDeps {
  readonly account: AwsSocialAccount;
  readonly secrets: () => Promise<AwsSocialApiSecrets>;
  readonly now: () => Date;
  /** @default - the process's own timer */
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

const Page = z.object({ templates: z.array(z.unknown()).default([]), nextToken: z.string().min(1).optional() });

const Summary = z.object({
  metaTemplateId: z.string(),
  templateName: z.string(),
  templateLanguage: z.string(),
  templateStatus: z.string(),
  templateCategory: z.string().optional(),
  templateQualityScore: z.string().optional(),
});
type Summary = z.infer<typeof Summary>;

const Details = z.object({ template: z.string() });
const Definition = z.object({ components: z.array(z.unknown()) });

/** AWS allows ten of these calls a second (its quotas): one that it throttles is made again after a second. */
const PAUSE_MS = 1_000;
const MAX_ATTEMPTS = 5;

/** A page, or a template, or why it cannot be read. */
type Read<T> = T | ProviderError;

const isError = (read: object): read is ProviderError => 'code' in read && 'class' in read;

const toError = (call: CallOutcome): ProviderError =>
  call.kind === 'answered'
    ? toProviderError(call)
    : { code: call.code, title: 'AWS did not list the templates', class: 'retry_now' };

/** Creates a reader of the API that waits while AWS throttles it. */
const createRead =
  (caller: Caller, sleep: (milliseconds: number) => Promise<unknown>) =>
  async <T extends object>(call: Pick<SignedCall, 'path' | 'query'>, schema: z.ZodType<T>): Promise<Read<T>> => {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await callSigned(caller, { ...call, timeoutMs: LIST_TIMEOUT_MS });
      if (answer.kind === 'answered' && answer.status === 200) return readJson(answer.text, schema) ?? UNREADABLE_LIST;
      const error = toError(answer);
      if (error.class !== 'retry_later' || attempt === MAX_ATTEMPTS) return error;
      await sleep(PAUSE_MS * attempt);
    }
  };

type ReadApi = ReturnType<typeof createRead>;

/** A template as Meta lists it: the list of AWS has no components, its details have Meta's own definition. */
const readTemplate = async (read: ReadApi, { wabaId: id }: AwsSocialAccount, raw: unknown): Promise<Read<object>> => {
  const summary = Summary.safeParse(raw).data;
  if (summary === undefined) return {};
  const details = await read(
    { path: '/v1/whatsapp/template', query: { id, metaTemplateId: summary.metaTemplateId } },
    Details,
  );
  return isError(details) ? details : toListed(summary, readJson(details.template, Definition)?.components);
};

const toListed = (summary: Summary, components: readonly unknown[] | undefined): object => ({
  name: summary.templateName,
  language: summary.templateLanguage,
  status: summary.templateStatus,
  category: summary.templateCategory,
  ...(summary.templateQualityScore === undefined ? {} : { quality_score: { score: summary.templateQualityScore } }),
  components,
});

const readPage = async (
  read: ReadApi,
  account: AwsSocialAccount,
  cursor: string | undefined,
): Promise<Read<TemplatePage>> => {
  const query = { id: account.wabaId, ...(cursor === undefined ? {} : { nextToken: cursor }) };
  const page = await read({ path: '/v1/whatsapp/template/list', query }, Page);
  if (isError(page)) return page;
  const elements: object[] = [];
  for (const raw of page.templates) {
    const template = await readTemplate(read, account, raw);
    if (isError(template)) return template;
    elements.push(template);
  }
  return { elements, next: page.nextToken };
};

/** Reads the templates of a WhatsApp business account that is linked to AWS. */
export const createAwsSocialTemplateSource = (deps: AwsSocialTemplatesDeps): TemplateSource => {
  const { account, secrets, now, sleep = setTimeout<void> } = deps;
  return {
    list: () =>
      secrets().then(
        (credentials) => {
          const read = createRead({ account, credentials, now }, sleep);
          return readPages(ListedTemplate, (cursor) => readPage(read, account, cursor));
        },
        (error: unknown) => ({ kind: 'failed', error: toSecretsFailure(error).error }),
      ),
  };
};
