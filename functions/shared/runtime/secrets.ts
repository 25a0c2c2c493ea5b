import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import * as z from 'zod';
import { SigningSecrets } from '../domain/config.ts';
import type { SecretSource } from '../providers/secret-source.ts';

const MAX_AGE_SECONDS = 300;

type Arns = Readonly<Record<string, string>>;

/** Limits on every call, so that a hanging connection never eats the Lambda's time. */
const LIMITS = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 500, requestTimeout: 2_000, throwOnRequestTimeout: true },
};

/** Reads secrets from Secrets Manager when they are first needed and keeps them for 5 minutes. */
const createSecretReader = (arns: Arns) => {
  const provider = new SecretsProvider({ clientConfig: LIMITS });
  return async (owner: string): Promise<unknown> => {
    const arn = arns[owner];
    if (arn === undefined) throw new Error(`no secret is configured for ${owner}`);
    return provider.get(arn, { maxAge: MAX_AGE_SECONDS, transform: 'json' });
  };
};

/** The secrets of the accounts in Secrets Manager; `arns` is by account id. */
export const createSecretsManagerSource = (arns: Arns): SecretSource => {
  const read = createSecretReader(arns);
  return ({ id }) => read(id);
};

/** Where an endpoint's signing secrets come from: read when first needed, checked. */
export type SigningSecretSource = (channel: string, url: string) => Promise<SigningSecrets>;

/** A channel's secret holds those of its endpoints by URL; a fault in one of them concerns no other. */
const ByUrl = z.record(z.string(), z.unknown());

/** The signing secrets in Secrets Manager; `arns` is by channel id. */
export const createSigningSecretSource = (arns: Arns): SigningSecretSource => {
  const read = createSecretReader(arns);
  return async (channel, url) => SigningSecrets.parse(ByUrl.parse(await read(channel))[url]);
};
