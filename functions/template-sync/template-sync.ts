import * as z from 'zod';
import type { HttpEvent } from '../shared/http/handler.ts';
import type { ProblemDetails } from '../shared/http/problem.ts';
import { type Answer, json } from '../shared/http/respond.ts';
import { type Responders, serveRoutes } from '../shared/http/serve-routes.ts';
import { NEXT_ACTION, type ProviderError, type TemplateSource } from '../shared/providers/provider.ts';
import { createTemplateSource } from '../shared/providers/registry.ts';
import type { SecretSource } from '../shared/providers/secret-source.ts';
import { type CoreRuntimeOptions, createCoreRuntime } from '../shared/runtime/core-runtime.ts';
import type { TemplatesReplaced } from '../shared/store/template/template-registry.ts';
import { createStore, type StoreRuntime } from './store.ts';

export interface TemplateSyncOptions extends CoreRuntimeOptions {
  readonly secrets: SecretSource;
}

/** The daily event of the EventBridge rule. */
export interface ScheduledEvent {
  readonly id?: string;
}

/** The answer to a sync on request. */
export const SyncAnswer = z
  .object({
    synced: z.object({
      listed: z.int().meta({ description: 'Templates that the provider listed' }),
      changed: z.int().meta({ description: 'New or changed templates' }),
      removed: z.int().meta({ description: 'Templates that the provider no longer lists' }),
    }),
  })
  .meta({ id: 'TemplateSync' });

interface SyncedAccount {
  readonly id: string;
  readonly source: TemplateSource;
}

interface SyncRuntime extends StoreRuntime {
  readonly accounts: readonly SyncedAccount[];
}

type SyncOutcome =
  | { readonly kind: 'synced'; readonly synced: TemplatesReplaced }
  | { readonly kind: 'refused'; readonly error: ProviderError };

/** Replaces the registered templates of one account by those that its provider lists. */
const syncAccount = async (
  { store, log, now }: SyncRuntime,
  { id: account, source }: SyncedAccount,
): Promise<SyncOutcome> => {
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

const succeeds = async (runtime: SyncRuntime, account: SyncedAccount): Promise<boolean> => {
  try {
    return (await syncAccount(runtime, account)).kind === 'synced';
  } catch (fault) {
    runtime.log.error('template-sync.failed', { account: account.id }, fault);
    runtime.log.count('TemplateSyncFailures');
    return false;
  }
};

/** Syncs every account, also after a failure; then throws if any failed, so that Lambda retries and the alarm fires. */
const syncAll = async (runtime: SyncRuntime): Promise<void> => {
  const failed: string[] = [];
  for (const account of runtime.accounts) if (!(await succeeds(runtime, account))) failed.push(account.id);
  if (failed.length > 0) throw new Error(`the templates of ${failed.join(', ')} could not be synced`);
  await runtime.store.recordSync(runtime.now());
};

const RETRY_AFTER_SECONDS = 30;

const toProblem = ({ code, title, class: class_ }: ProviderError): ProblemDetails => {
  const provider = { code, title };
  if (class_ === 'retry_now' || class_ === 'retry_later')
    return {
      code: class_ === 'retry_later' ? 'provider_rate_limited' : 'provider_unavailable',
      detail: 'The provider did not list its templates. The registry is unchanged: sync again after Retry-After.',
      retryAfterSeconds: RETRY_AFTER_SECONDS,
      provider,
    };
  return {
    code: 'provider_rejected',
    detail: `The provider refused to list its templates with code ${code}. The registry is unchanged.`,
    nextAction: NEXT_ACTION[class_],
    provider,
  };
};

const syncChannel = async (runtime: SyncRuntime, { pathParameters }: HttpEvent): Promise<Answer> => {
  const channel = runtime.channel(pathParameters?.['channel']);
  const account = runtime.accounts.find(({ id }) => id === channel?.account);
  if (account === undefined) return { code: 'unknown_channel', detail: 'No channel has the id in the path.' };
  const outcome = await syncAccount(runtime, account);
  if (outcome.kind === 'refused') return toProblem(outcome.error);
  return json(200, { synced: outcome.synced } satisfies z.infer<typeof SyncAnswer>);
};

const RESPONDERS = {
  'POST /v1/channels/{channel}/templates/sync': syncChannel,
} satisfies Responders<'template-sync', SyncRuntime>;

/** Reads the templates from the providers: of every account on schedule, of one channel's account on request. */
export const createTemplateSync = (options: TemplateSyncOptions) => {
  const { config, secrets, now, log } = options;
  const runtime: SyncRuntime = {
    ...createCoreRuntime(options, createStore),
    accounts: config.accounts.map((account) => ({
      id: account.id,
      source: createTemplateSource(account, secrets, now),
    })),
  };
  const onRequest = serveRoutes(runtime, RESPONDERS);
  const onSchedule = async ({ id }: ScheduledEvent): Promise<void> => {
    log.begin(id ?? 'schedule');
    try {
      await syncAll(runtime);
    } finally {
      log.end();
    }
  };
  return { onRequest, onSchedule };
};
