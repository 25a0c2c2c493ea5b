import type { Account, Channel, MetaSecrets, SinchSecrets } from '../domain/config.ts';
import { createMetaSender } from './meta/client.ts';
import { createMetaReader } from './meta/reader.ts';
import type { MessageSender, WebhookReader } from './provider.ts';
import { createSinchSender } from './sinch/client.ts';
import { createSinchReader } from './sinch/reader.ts';

/** Where an account's secrets come from: read when first needed, checked against the provider's own shape. */
export interface SecretSource {
  readonly meta: (account: string) => Promise<MetaSecrets>;
  readonly sinch: (account: string) => Promise<SinchSecrets>;
}

/** The webhook side of an account; `channels` are the ones it owns. */
export const createReader = (account: Account, channels: readonly Channel[], secrets: SecretSource): WebhookReader => {
  switch (account.provider) {
    case 'meta':
      return createMetaReader({ account, channels, secrets: () => secrets.meta(account.id) });
    case 'sinch':
      return createSinchReader({ account, channels, secrets: () => secrets.sinch(account.id) });
  }
};

/** The sending side of an account. */
export const createSender = (account: Account, secrets: SecretSource, now: () => Date): MessageSender => {
  switch (account.provider) {
    case 'meta':
      return createMetaSender({ account, secrets: () => secrets.meta(account.id) });
    case 'sinch':
      return createSinchSender({ account, secrets: () => secrets.sinch(account.id), now });
  }
};
