import type { Account } from '../../functions/shared/domain/config.ts';
import {
  type AwsSocialApiSecrets,
  type MetaSecrets,
  SECRET_FORMS,
  type SecretPart,
  type SinchSecrets,
} from '../../functions/shared/domain/secrets.ts';

export interface AllSecrets {
  readonly meta: MetaSecrets;
  readonly sinch: SinchSecrets;
  readonly 'aws-social'?: AwsSocialApiSecrets;
}

/** The part of a provider's secrets that Secrets Manager stores apart. */
export const aPart = (all: AllSecrets, provider: Account['provider'], part: SecretPart): object => {
  const fields = Object.keys(SECRET_FORMS[provider][part].shape);
  return Object.fromEntries(Object.entries(all[provider] ?? {}).filter(([name]) => fields.includes(name)));
};

/** Every account has the secrets of its provider. */
export const secretsFrom =
  (all: AllSecrets) =>
  async ({ provider }: Pick<Account, 'provider'>, part: SecretPart): Promise<object> =>
    aPart(all, provider, part);
