import { getSecret } from '@aws-lambda-powertools/parameters/secrets';
import * as z from 'zod';
import { MetaSecrets, SigningSecrets, SinchSecrets } from '../domain/config.ts';
import type { SecretSource } from '../providers/secret-source.ts';

const MAX_AGE_SECONDS = 300;

type Arns = Readonly<Record<string, string>>;

/** Reads a secret from Secrets Manager when it is first needed and keeps it for 5 minutes. */
const readSecret = async (arns: Arns, owner: string): Promise<unknown> => {
  const arn = arns[owner];
  if (arn === undefined) throw new Error(`no secret is configured for ${owner}`);
  return getSecret(arn, { maxAge: MAX_AGE_SECONDS, transform: 'json' });
};

/** The secrets of the accounts in Secrets Manager; `arns` is by account id. */
export const createSecretsManagerSource = (arns: Arns): SecretSource => ({
  meta: async (account) => MetaSecrets.parse(await readSecret(arns, account)),
  sinch: async (account) => SinchSecrets.parse(await readSecret(arns, account)),
});

/** Where an endpoint's signing secrets come from: read when first needed, checked. */
export type SigningSecretSource = (channel: string, url: string) => Promise<SigningSecrets>;

/** A channel's secret holds those of its endpoints by URL; a fault in one of them concerns no other. */
const ByUrl = z.record(z.string(), z.unknown());

/** The signing secrets in Secrets Manager; `arns` is by channel id. */
export const createSigningSecretSource =
  (arns: Arns): SigningSecretSource =>
  async (channel, url) =>
    SigningSecrets.parse(ByUrl.parse(await readSecret(arns, channel))[url]);
