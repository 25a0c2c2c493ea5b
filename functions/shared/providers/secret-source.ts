import type { Account } from '../domain/config.ts';
import type { SendOutcome } from './provider.ts';

/** Loads the secrets of an account on each call, unparsed; rejects when the account has none. */
export type SecretSource = (account: Pick<Account, 'id' | 'provider'>) => Promise<unknown>;

/** The outcome of a send whose account's secrets cannot be loaded: nothing was sent. The code names the error. */
export const toSecretsFailure = (error: unknown): Extract<SendOutcome, { kind: 'unavailable' }> => ({
  kind: 'unavailable',
  error: {
    code: `secrets_${error instanceof Error ? error.name : 'unreadable'}`,
    title: 'The secrets of the account cannot be read',
    class: 'retry_now',
  },
});
