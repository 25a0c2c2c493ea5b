import type { WebhookAccount } from '../shared/domain/config.ts';
import { withFormerNumbers } from '../shared/domain/number.ts';
import { createStore, type InboundRuntime } from '../shared/inbound/store.ts';
import type { WebhookReader } from '../shared/providers/provider.ts';
import { createReader } from '../shared/providers/registry.ts';
import type { SecretSource } from '../shared/providers/secret-source.ts';
import { type CoreRuntimeOptions, createCoreRuntime } from '../shared/runtime/core-runtime.ts';
import { once } from '../shared/runtime/once.ts';

/** What this Lambda works with. */
export interface WebhookRuntime extends InboundRuntime {
  readonly readerOf: (account: WebhookAccount) => WebhookReader;
}

export interface WebhookRuntimeOptions extends CoreRuntimeOptions {
  readonly secrets: SecretSource;
}

export const createWebhookRuntime = (options: WebhookRuntimeOptions): WebhookRuntime => {
  const { config, secrets } = options;
  return {
    ...createCoreRuntime(options, createStore),
    readerOf: once((account: WebhookAccount) =>
      createReader(
        account,
        withFormerNumbers(config.channels).filter((channel) => channel.account === account.id),
        secrets,
      ),
    ),
  };
};
