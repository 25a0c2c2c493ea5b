import { randomUUID } from 'node:crypto';
import { createInboundWebhook } from '../../functions/inbound-webhook/inbound-webhook.ts';
import { createLog } from '../../functions/shared/runtime/log.ts';
import { createWebhookRuntime } from '../../functions/shared/runtime/webhook-runtime.ts';
import { createDynamoClient } from '../../functions/shared/store/dynamo/client.ts';
import { createSessionsTable, LOCAL_ENGINE, localClient } from '../../infra/local/dynamodb-local.ts';
import { anEvent } from '../support/events.ts';
import { aChange, aMessage, aNotification, aValue, metaSecrets, signMeta, toBytes } from '../support/meta.ts';
import { aConfig } from '../support/service.ts';

// The largest webhook Meta sends: a thousand messages, three megabytes, delivered ten times.
const NOON = Date.UTC(2026, 10, 20, 12) / 1000;
const endpoint = process.argv[2] ?? '';
const tableName = `bench-${randomUUID()}`;
await createSessionsTable(localClient(endpoint), tableName);
const handler = createInboundWebhook(
  createWebhookRuntime({
    config: aConfig('http://127.0.0.1:9'),
    tableName,
    dynamo: createDynamoClient({ ...LOCAL_ENGINE, endpoint }),
    secrets: async () => metaSecrets,
    now: () => new Date((NOON + 60) * 1000),
    log: createLog('inbound-webhook'),
  }),
);
const idleBytes = process.memoryUsage.rss();
const times: number[] = [];
let bytes = 0;
for (let delivery = 0; delivery < 10; delivery += 1) {
  const messages = Array.from({ length: 1_000 }, (_, index) =>
    aMessage({
      id: `wamid.${delivery}.${index}`,
      from: String(491_511_000_000 + index),
      timestamp: String(NOON + delivery),
      text: { body: 'x'.repeat(2_900) },
    }),
  );
  const body = toBytes(aNotification(aChange(aValue({ messages }))));
  bytes = body.length;
  const started = performance.now();
  const answer = await handler(
    anEvent('POST /webhooks/meta/{account}', {
      path: { account: 'shop-meta' },
      headers: { 'x-hub-signature-256': signMeta(body) },
      body: Buffer.from(body).toString('utf8'),
    }),
  );
  if (answer.statusCode !== 200) throw new Error(`the batch was answered ${answer.statusCode}`);
  times.push(performance.now() - started);
}
process.send?.({ bytes, times, idleBytes, peakBytes: process.resourceUsage().maxRSS * 1024 }, () => process.exit(0));
