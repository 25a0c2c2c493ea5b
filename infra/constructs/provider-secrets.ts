import type { Construct } from 'constructs';
import * as z from 'zod';
import { type Account, isWebhookAccount, type WebhookAccount } from '../../functions/shared/domain/config.ts';
import { SECRET_FORMS, type SecretPart } from '../../functions/shared/domain/secrets.ts';
import { type PlaceholderSecret, PlaceholderSecrets } from './placeholder-secrets.ts';
import type { ServiceAlarms } from './service-alarms.ts';
import { serviceMetric, sumOf } from './service-metrics.ts';

const PARTS: readonly SecretPart[] = ['webhook', 'api'];

const exampleOf = (form: z.ZodObject): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(form.shape).map(([name, field]) => [name, field instanceof z.ZodArray ? ['...'] : '...']),
    ),
  );

const secretsOf = ({ id: owner, provider }: WebhookAccount): readonly PlaceholderSecret[] =>
  PARTS.map((part) => ({
    owner,
    part,
    description: `CareWindow, ${provider} account ${owner}, ${part}: ${exampleOf(SECRET_FORMS[provider][part])}`,
  }));

const staleSecrets = () =>
  sumOf({
    webhooks: serviceMetric('inbound-webhook', 'SecretsStale'),
    sends: serviceMetric('outbound-send', 'SecretsStale'),
    files: serviceMetric('media', 'SecretsStale'),
    templates: serviceMetric('template-sync', 'SecretsStale'),
    deliveries: serviceMetric('event-delivery', 'SecretsStale'),
  });

interface ProviderSecretsProps {
  readonly accounts: readonly Account[];
  readonly alarms: ServiceAlarms;
}

/**
 * Two secrets per provider account: what verifies webhooks, and what sends. So the public webhook function cannot read
 * what sends. An account at AWS has none: the role of a function signs its calls.
 */
export class ProviderSecrets extends PlaceholderSecrets {
  constructor(scope: Construct, id: string, { accounts, alarms }: ProviderSecretsProps) {
    super(scope, id, {
      secrets: accounts.filter(isWebhookAccount).flatMap(secretsOf),
      noRotation:
        'Meta and Sinch issue these secrets, so they are rotated there; the old and the new one are accepted meanwhile.',
    });
    alarms.addAlarm(this, 'Stale', {
      metric: staleSecrets(),
      threshold: 1,
      impact:
        'Secrets Manager does not answer: the last known secrets are used on, but a changed secret is not seen, and functions that start anew fail.',
      runbook: 'secrets-stale',
    });
  }
}
