import type { Account } from '../domain/config.ts';
import type { WebhookReader } from '../providers/provider.ts';
import { createReader } from '../providers/registry.ts';
import type { SecretSource } from '../providers/secret-source.ts';
import { once } from './once.ts';
import { createStoreRuntime, type StoreRuntime, type StoreRuntimeOptions } from './store-runtime.ts';

/** What the Lambda that takes webhooks is plugged together from. */
export interface WebhookRuntime extends StoreRuntime {
  readonly readerOf: (account: Account) => WebhookReader;
}

export interface WebhookRuntimeOptions extends StoreRuntimeOptions {
  readonly secrets: SecretSource;
}

export const createWebhookRuntime = (options: WebhookRuntimeOptions): WebhookRuntime => {
  const { config, secrets } = options;
  return {
    ...createStoreRuntime(options),
    readerOf: once((account: Account) =>
      createReader(
        account,
        config.channels.filter((channel) => channel.account === account.id),
        secrets,
      ),
    ),
  };
};
