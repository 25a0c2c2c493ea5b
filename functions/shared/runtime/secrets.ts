import { GetParameterError } from '@aws-lambda-powertools/parameters/errors';
import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import * as z from 'zod';
import { type AwsSocialApiSecrets, type SecretPart, SigningSecrets } from '../domain/secrets.ts';
import { awsClientLimits } from '../network/aws-client-limits.ts';
import type { SecretSource } from '../providers/secret-source.ts';
import { systemClock } from './clock.ts';
import type { Log } from './log.ts';

const MAX_AGE_SECONDS = 300;

/** After a failed refresh the last known value is used that long before Secrets Manager is called again. */
const REFRESH_PAUSE_MS = 60_000;

/** What Secrets Manager answers for a secret that was deleted: an operator's decision, which takes effect. */
const DELETED: readonly string[] = ['ResourceNotFoundException', 'InvalidRequestException'];

const isUnanswered = (fault: unknown): boolean =>
  fault instanceof GetParameterError && !(fault.cause instanceof Error && DELETED.includes(fault.cause.name));

export interface SecretsOptions {
  /** What the names of all secrets of the stack begin with. */
  readonly prefix: string;
  readonly log: Log;
}

interface LastKnown {
  readonly value: unknown;
  /** Epoch milliseconds before which it is not refreshed. */
  readonly notBefore: number;
}

/**
 * Reads secrets by name from Secrets Manager on first use, and caches them for 5 minutes. While Secrets Manager does not
 * answer a refresh, the last known value is used, logged and counted; a secret that was never read rejects.
 */
const createSecretReader = ({ prefix, log }: SecretsOptions) => {
  const provider = new SecretsProvider({ clientConfig: awsClientLimits(3, 1_000) });
  const lastKnown = new Map<string, LastKnown>();
  const useLastKnown = (owner: string, part: SecretName['part'], fault: unknown): unknown => {
    const key = `${owner}/${part}`;
    const known = lastKnown.get(key);
    if (known === undefined || !isUnanswered(fault)) throw fault;
    lastKnown.set(key, { value: known.value, notBefore: systemClock().getTime() + REFRESH_PAUSE_MS });
    log.error('secrets.stale', { owner, part }, fault);
    log.count('SecretsStale');
    return known.value;
  };
  return async ({ owner, part }: SecretName): Promise<unknown> => {
    const key = `${owner}/${part}`;
    const known = lastKnown.get(key);
    if (known !== undefined && systemClock().getTime() < known.notBefore) return known.value;
    try {
      const value: unknown = await provider.get(`${prefix}/${key}`, { maxAge: MAX_AGE_SECONDS, transform: 'json' });
      lastKnown.set(key, { value, notBefore: 0 });
      return value;
    } catch (fault) {
      return useLastKnown(owner, part, fault);
    }
  };
};

/** A secret is named `<prefix>/<owner>/<part>`; the owner of `deliveries` is a channel, of the other parts an account. */
interface SecretName {
  readonly owner: string;
  readonly part: SecretPart | 'deliveries';
}

/** The secrets of the provider accounts, in Secrets Manager. */
export const createSecretsManagerSource = (options: SecretsOptions): SecretSource => {
  const read = createSecretReader(options);
  return ({ id }, part) => read({ owner: id, part });
};

/** The credentials of this function's role, which sign the calls of accounts at AWS. */
export const createRoleCredentials = (region: string): (() => Promise<AwsSocialApiSecrets>) => {
  const credentials = fromEnv();
  return async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = await credentials();
    return { accessKeyId, secretAccessKey, region, ...(sessionToken === undefined ? {} : { sessionToken }) };
  };
};

/** Beside Secrets Manager: accounts at AWS have no secret there, since the role of the function signs their calls. */
export const createApiSecretSource = ({
  region,
  ...options
}: SecretsOptions & { readonly region: string }): SecretSource => {
  const read = createSecretsManagerSource(options);
  const ofRole = createRoleCredentials(region);
  return (account, part) => (account.provider === 'aws-social' ? ofRole() : read(account, part));
};

/** Reads the signing secrets of a channel's endpoint. Throws when they are missing or invalid. */
export type SigningSecretSource = (channel: string, url: string) => Promise<SigningSecrets>;

/** A channel's secret, keyed by endpoint URL; an invalid value affects its own endpoint alone. */
const ByUrl = z.record(z.string(), z.unknown());

/** The signing secrets of the endpoints, in Secrets Manager. */
export const createSigningSecretSource = (options: SecretsOptions): SigningSecretSource => {
  const read = createSecretReader(options);
  return async (channel, url) =>
    SigningSecrets.parse(ByUrl.parse(await read({ owner: channel, part: 'deliveries' }))[url]);
};
