import { createInboundWebhook } from '../../functions/inbound-webhook/inbound-webhook.ts';
import { createWebhookRuntime } from '../../functions/inbound-webhook/runtime.ts';
import { createLog } from '../../functions/shared/runtime/log.ts';
import { anEvent } from '../support/events.ts';
import { aChange, aNotification, aValue, metaSecrets, signMeta, toBytes } from '../support/meta.ts';
import { secretsFrom } from '../support/secrets.ts';
import { aConfig } from '../support/service.ts';
import { SINCH_SECRETS } from '../support/sinch.ts';
import { createBenchTable } from './bench-table.ts';

/** The inbound-webhook handler on a table of its own, with its clock at `now`. */
export const createInbound = async (endpoint: string, now: Date) => {
  const { tableName, dynamo } = await createBenchTable(endpoint);
  const handler = createInboundWebhook(
    createWebhookRuntime({
      config: aConfig('http://127.0.0.1:9'),
      tableName,
      dynamo,
      secrets: secretsFrom({ meta: metaSecrets, sinch: SINCH_SECRETS }),
      now: () => now,
      log: createLog('inbound-webhook', 'bench'),
    }),
  );
  /** Signs and delivers one webhook. */
  const deliver = async (body: ReturnType<typeof toBytes>): Promise<void> => {
    const answer = await handler(
      anEvent('POST /webhooks/meta/{account}', {
        path: { account: 'shop-meta' },
        headers: { 'x-hub-signature-256': signMeta(body) },
        body: Buffer.from(body).toString('utf8'),
      }),
    );
    if (answer.statusCode !== 200) throw new Error(`a webhook was answered ${answer.statusCode}`);
  };
  return { tableName, deliver };
};

/** The bytes of a webhook with this value. */
export const toWebhook = (value: Parameters<typeof aValue>[0]) => toBytes(aNotification(aChange(aValue(value))));
