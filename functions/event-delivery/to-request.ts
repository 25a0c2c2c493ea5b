import { Webhook } from 'standardwebhooks';
import { type DeliveryMessage, toEnvelope } from '../shared/domain/delivery.ts';
import type { SigningSecrets } from '../shared/domain/secrets.ts';

/** Builds the signed request of Standard Webhooks (standardwebhooks.com), with a signature for each live secret. */
export const toRequest = ({ type, detail }: DeliveryMessage, secrets: SigningSecrets, now: Date) => {
  const body = JSON.stringify(toEnvelope(type, detail));
  const signatures = secrets.map((secret) => new Webhook(secret).sign(detail.id, now, body));
  return {
    headers: {
      'content-type': 'application/json',
      'user-agent': 'CareWindow',
      'webhook-id': detail.id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': signatures.join(' '),
    },
    body,
  };
};
