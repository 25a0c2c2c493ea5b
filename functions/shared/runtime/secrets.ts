import { getSecret } from '@aws-lambda-powertools/parameters/secrets';
import { MetaSecrets, SinchSecrets } from '../domain/config.ts';
import type { SecretSource } from '../providers/secret-source.ts';

const MAX_AGE_SECONDS = 300;

/** Reads secrets from Secrets Manager when they are first needed and keeps them for 5 minutes; `arns` is by account id. */
export const createSecretsManagerSource = (arns: Readonly<Record<string, string>>): SecretSource => {
  const read = async (account: string): Promise<unknown> => {
    const arn = arns[account];
    if (arn === undefined) throw new Error(`no secret is configured for account ${account}`);
    return getSecret(arn, { maxAge: MAX_AGE_SECONDS, transform: 'json' });
  };
  return {
    meta: async (account) => MetaSecrets.parse(await read(account)),
    sinch: async (account) => SinchSecrets.parse(await read(account)),
  };
};
