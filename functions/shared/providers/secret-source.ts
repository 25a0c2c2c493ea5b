import type { MetaSecrets, SinchSecrets } from '../domain/config.ts';

/** Where an account's secrets come from: read when first needed, checked against the provider's own shape. */
export interface SecretSource {
  readonly meta: (account: string) => Promise<MetaSecrets>;
  readonly sinch: (account: string) => Promise<SinchSecrets>;
}
