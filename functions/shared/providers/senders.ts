import type { Account } from '../domain/config.ts';
import { createMetaSender } from './meta/client.ts';
import type { MessageSender } from './provider.ts';
import type { SecretSource } from './secret-source.ts';
import { createSinchSender } from './sinch/client.ts';

/** The sending side of an account. */
export const createSender = (account: Account, secrets: SecretSource, now: () => Date): MessageSender => {
  switch (account.provider) {
    case 'meta':
      return createMetaSender({ account, secrets: () => secrets.meta(account.id) });
    case 'sinch':
      return createSinchSender({ account, secrets: () => secrets.sinch(account.id), now });
  }
};
