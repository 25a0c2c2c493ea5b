import * as z from 'zod';
import type { HttpHandler, HttpResponse } from '../shared/http/handler.ts';
import type { ProblemDetails } from '../shared/http/problem.ts';
import { json, serve } from '../shared/http/respond.ts';
import { NEXT_ACTION, type ProviderError, type TemplateSource } from '../shared/providers/provider.ts';
import { createTemplateSource } from '../shared/providers/registry.ts';
import type { SecretSource } from '../shared/providers/secret-source.ts';
import { createStoreRuntime, type StoreRuntime, type StoreRuntimeOptions } from '../shared/runtime/store-runtime.ts';
import type { TemplatesReplaced } from '../shared/store/template/template-registry.ts';

export interface TemplateSyncOptions extends StoreRuntimeOptions {
  readonly secrets: SecretSource;
}

/** What EventBridge sends each day. */
export interface ScheduledEvent {
  readonly id?: string;
}

/** What a sync by hand answers. */
export const SyncAnswer = z
  .object({
    synced: z.object({
      listed: z.int().meta({ description: 'Templates the provider has' }),
      changed: z.int().meta({ description: 'New ones, and those that say something else now' }),
      removed: z.int().meta({ description: 'Those the provider no longer has' }),
    }),
  })
  .meta({ id: 'TemplateSync' });

interface SyncedAccount {
  readonly id: string;
  readonly source: TemplateSource;
}

interface Deps extends StoreRuntime {
  readonly accounts: readonly SyncedAccount[];
}

type Synced =
  | { readonly kind: 'synced'; readonly synced: TemplatesReplaced }
  | { readonly kind: 'refused'; readonly error: ProviderError };

/** Makes the registry of one account what its provider lists. */
const syncAccount = async ({ store, log, now }: Deps, { id: account, source }: SyncedAccount): Promise<Synced> => {
  const askedAt = now();
  const list = await source.list();
  if (list.kind === 'failed') {
    const { code, class: class_ } = list.error;
    log.warn('template-sync.refused', { account, provider: code, class: class_ });
    log.count('TemplateSyncFailures');
    return { kind: 'refused', error: list.error };
  }
  const synced = await store.replaceTemplates({ account, templates: list.templates, askedAt });
  log.info('template-sync.synced', { account, ...synced });
  log.count('TemplatesChanged', synced.changed + synced.removed);
  return { kind: 'synced', synced };
};

const succeeds = async (deps: Deps, account: SyncedAccount): Promise<boolean> => {
  try {
    return (await syncAccount(deps, account)).kind === 'synced';
  } catch (fault) {
    deps.log.error('template-sync.failed', { account: account.id }, fault);
    deps.log.count('TemplateSyncFailures');
    return false;
  }
};

/** Every account, whatever becomes of the others; throws in the end, so that Lambda tries again and the alarm sees it. */
const syncAll = async (deps: Deps): Promise<void> => {
  const failed: string[] = [];
  for (const account of deps.accounts) if (!(await succeeds(deps, account))) failed.push(account.id);
  if (failed.length > 0) throw new Error(`the templates of ${failed.join(', ')} could not be synced`);
};

const RETRY_AFTER_SECONDS = 30;

const toProblem = ({ code, title, class: class_ }: ProviderError): ProblemDetails => {
  const provider = { code, title };
  if (class_ === 'retry_now' || class_ === 'retry_later')
    return {
      code: class_ === 'retry_later' ? 'provider_rate_limited' : 'provider_unavailable',
      detail: 'The provider did not list the templates: the registry stays as it was. Try again later.',
      retryAfterSeconds: RETRY_AFTER_SECONDS,
      provider,
    };
  return {
    code: 'provider_rejected',
    detail: `The provider refused to list the templates with code ${code}: the registry stays as it was.`,
    nextAction: NEXT_ACTION[class_],
    provider,
  };
};

const syncChannel = async (deps: Deps, channelId: string | undefined): Promise<HttpResponse | ProblemDetails> => {
  const channel = deps.channel(channelId);
  const account = deps.accounts.find(({ id }) => id === channel?.account);
  if (account === undefined) return { code: 'unknown_channel', detail: 'No channel has the id in the path.' };
  const outcome = await syncAccount(deps, account);
  if (outcome.kind === 'refused') return toProblem(outcome.error);
  return json(200, { synced: outcome.synced } satisfies z.infer<typeof SyncAnswer>);
};

/** Reads the templates from the providers: of every account on schedule, of one channel's account on request. */
export const createTemplateSync = (options: TemplateSyncOptions) => {
  const { config, secrets, now, log } = options;
  const deps: Deps = {
    ...createStoreRuntime(options),
    accounts: config.accounts.map((account) => ({
      id: account.id,
      source: createTemplateSource(account, secrets, now),
    })),
  };
  const onRequest: HttpHandler = serve(log, ({ pathParameters }) => syncChannel(deps, pathParameters?.['channel']));
  const onSchedule = async ({ id }: ScheduledEvent): Promise<void> => {
    log.begin(id ?? 'schedule');
    try {
      await syncAll(deps);
    } finally {
      log.end();
    }
  };
  return { onRequest, onSchedule };
};
