import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import * as z from 'zod';
import { SigningSecrets } from '../domain/config.ts';
import { awsClientLimits } from '../network/aws-client-limits.ts';
import type { SecretSource } from '../providers/secret-source.ts';

const MAX_AGE_SECONDS = 300;

type Arns = Readonly<Record<string, string>>;

/** Reads secrets from Secrets Manager on first use and caches them for 5 minutes. Throws for an owner without a secret. */
const createSecretReader = (arns: Arns) => {
  const provider = new SecretsProvider({ clientConfig: awsClientLimits(3) });
  return async (owner: string): Promise<unknown> => {
    const arn = arns[owner];
    if (arn === undefined) throw new Error(`no secret is configured for ${owner}`);
    return provider.get(arn, { maxAge: MAX_AGE_SECONDS, transform: 'json' });
  };
};

/** The secrets of the provider accounts, in Secrets Manager; `arns` is keyed by account id. */
export const createSecretsManagerSource = (arns: Arns): SecretSource => {
  const read = createSecretReader(arns);
  return ({ id }) => read(id);
};

/** Reads the signing secrets of a channel's endpoint. Throws when they are missing or invalid. */
export type SigningSecretSource = (channel: string, url: string) => Promise<SigningSecrets>;

/** A channel's secret, keyed by endpoint URL; an invalid value affects its own endpoint alone. */
const ByUrl = z.record(z.string(), z.unknown());

/** The signing secrets of the endpoints, in Secrets Manager; `arns` is keyed by channel id. */
export const createSigningSecretSource = (arns: Arns): SigningSecretSource => {
  const read = createSecretReader(arns);
  return async (channel, url) => SigningSecrets.parse(ByUrl.parse(await read(channel))[url]);
};
