import type { Account } from '../domain/config.ts';
import { createMetaTemplateSource } from './meta/templates.ts';
import type { TemplateSource } from './provider.ts';
import type { SecretSource } from './secret-source.ts';
import { createSinchTemplateSource } from './sinch/templates.ts';

/** The template side of an account; each side stands in a file of its own, so that a Lambda carries only those it uses. */
export const createTemplateSource = (account: Account, secrets: SecretSource, now: () => Date): TemplateSource => {
  switch (account.provider) {
    case 'meta':
      return createMetaTemplateSource({ account, secrets: () => secrets.meta(account.id) });
    case 'sinch':
      return createSinchTemplateSource({ account, secrets: () => secrets.sinch(account.id), now });
  }
};
