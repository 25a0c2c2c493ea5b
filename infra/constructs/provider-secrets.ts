import type { Construct } from 'constructs';
import * as z from 'zod';
import { type Account, MetaSecrets, SinchSecrets } from '../../functions/shared/domain/config.ts';
import { PlaceholderSecrets } from './placeholder-secrets.ts';

const SHAPES: Readonly<Record<Account['provider'], z.ZodObject>> = { meta: MetaSecrets, sinch: SinchSecrets };

const example = (shape: z.ZodObject): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(shape.shape).map(([name, field]) => [name, field instanceof z.ZodArray ? ['...'] : '...']),
    ),
  );

const describeSecret = ({ id, provider }: Account): string =>
  `CareWindow, ${provider} account ${id}: ${example(SHAPES[provider])}`;

/** One secret per provider account. */
export class ProviderSecrets extends PlaceholderSecrets {
  constructor(scope: Construct, id: string, { accounts }: { readonly accounts: readonly Account[] }) {
    super(scope, id, {
      descriptions: Object.fromEntries(accounts.map((account) => [account.id, describeSecret(account)])),
      noRotation:
        'Meta and Sinch issue these secrets, so they are rotated there; the old and the new one are accepted meanwhile.',
    });
  }
}
