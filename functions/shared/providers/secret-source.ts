import type { Account } from '../domain/config.ts';
import type { SecretPart } from '../domain/secrets.ts';
import type { SendOutcome } from './provider.ts';

/** Loads a part of an account's secrets on each call, unparsed; rejects when the account has none. */
export type SecretSource = (account: Pick<Account, 'id' | 'provider'>, part: SecretPart) => Promise<unknown>;

/** The outcome of a send whose account's secrets cannot be loaded: nothing was sent. The code names the error. */
export const toSecretsFailure = (error: unknown): Extract<SendOutcome, { kind: 'unavailable' }> => ({
  kind: 'unavailable',
  error: {
    code: `secrets_${error instanceof Error ? error.name : 'unreadable'}`,
    title: 'The secrets of the account cannot be read',
    class: 'retry_now',
  },
});
