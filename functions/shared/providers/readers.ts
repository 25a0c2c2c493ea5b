import type { Account, Channel } from '../domain/config.ts';
import { createMetaReader } from './meta/reader.ts';
import type { WebhookReader } from './provider.ts';
import type { SecretSource } from './secret-source.ts';
import { createSinchReader } from './sinch/reader.ts';

/** The webhook side of an account; `channels` are the ones it owns. */
export const createReader = (account: Account, channels: readonly Channel[], secrets: SecretSource): WebhookReader => {
  switch (account.provider) {
    case 'meta':
      return createMetaReader({ account, channels, secrets: () => secrets.meta(account.id) });
    case 'sinch':
      return createSinchReader({ account, channels, secrets: () => secrets.sinch(account.id) });
  }
};
