import { randomUUID } from 'node:crypto';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { createInboundWebhook } from '../../functions/inbound-webhook/inbound-webhook.ts';
import { createLog } from '../../functions/shared/runtime/log.ts';
import { createWebhookRuntime } from '../../functions/shared/runtime/webhook-runtime.ts';
import { createDynamoClient, toDocumentClient } from '../../functions/shared/store/dynamo/client.ts';
import { createSessionsTable, LOCAL_ENGINE, localClient } from '../../infra/local/dynamodb-local.ts';
import { anEvent } from '../support/events.ts';
import { aChange, aContact, aMessage, aNotification, aValue, metaSecrets, signMeta, toBytes } from '../support/meta.ts';
import { aConfig } from '../support/service.ts';

/** Webhooks of a round, all under way at once in this number. */
const WEBHOOKS = 1_500;
const CONCURRENCY = 32;
const ROUNDS = 7;
const NOON = Date.UTC(2026, 10, 20, 12) / 1000;

const endpoint = process.argv[2] ?? '';
const tableName = `bench-${randomUUID()}`;
await createSessionsTable(localClient(endpoint), tableName);
const dynamo = createDynamoClient({ ...LOCAL_ENGINE, endpoint });
const documents = toDocumentClient(createDynamoClient({ ...LOCAL_ENGINE, endpoint }));

const handler = createInboundWebhook(
  createWebhookRuntime({
    config: aConfig('http://127.0.0.1:9'),
    tableName,
    dynamo,
    secrets: async () => metaSecrets,
    now: () => new Date((NOON + 3_600) * 1000),
    log: createLog('inbound-webhook'),
  }),
);

const indexes = Array.from({ length: WEBHOOKS }, (_, index) => index);
const phone = (index: number) => String(491_511_000_000 + index);

/** A signed webhook with one text, one second later each round: the steady state of an open session. */
const deliver = async (index: number, round: number) => {
  const message = aMessage({ id: `wamid.${round}.${index}`, from: phone(index), timestamp: String(NOON + round) });
  const contact = aContact({ wa_id: phone(index) });
  const body = toBytes(aNotification(aChange(aValue({ contacts: [contact], messages: [message] }))));
  const answer = await handler(
    anEvent('POST /webhooks/meta/{account}', {
      path: { account: 'shop-meta' },
      headers: { 'x-hub-signature-256': signMeta(body) },
      body: Buffer.from(body).toString('utf8'),
    }),
  );
  if (answer.statusCode !== 200) throw new Error(`a webhook was answered ${answer.statusCode}`);
};

/** The two conditional writes alone, of the same size and on as many items. */
const write = async (index: number, round: number) => {
  const pk = `RAW#${index}`;
  await documents.send(
    new UpdateCommand({
      TableName: tableName,
      Key: { pk, sk: 'SESSION' },
      UpdateExpression: 'SET lastInboundAt = :at, expiresAt = :expiresAt, phase = :open, dueBucket = :bucket',
      ConditionExpression: 'attribute_not_exists(pk) OR lastInboundAt < :at',
      ExpressionAttributeValues: {
        ':at': NOON + round,
        ':expiresAt': NOON + round + 86_400,
        ':open': 'open',
        ':bucket': `session#support#${NOON}#${index % 8}`,
      },
    }),
  );
  await documents.send(
    new PutCommand({
      TableName: tableName,
      Item: {
        pk,
        sk: `MSG#${(NOON + round) * 1000}#wamid.${round}.${index}`,
        direction: 'inbound',
        id: `wamid.${round}.${index}`,
        at: (NOON + round) * 1000,
        receivedAt: (NOON + 3_600) * 1000,
        content: '{"type":"text","text":"Guten Tag"}',
        profileName: 'Mira Holm',
        expiresAt: NOON + 30 * 86_400,
      },
      ConditionExpression: 'attribute_not_exists(pk)',
    }),
  );
};

const perSecond = async (work: (index: number, round: number) => Promise<void>, round: number): Promise<number> => {
  const started = performance.now();
  await pMap(indexes, (index) => work(index, round), { concurrency: CONCURRENCY });
  return WEBHOOKS / ((performance.now() - started) / 1000);
};

await perSecond(deliver, 0);
await perSecond(write, 0);
const rounds: { webhooks: number; raw: number }[] = [];
for (let round = 1; round <= ROUNDS; round += 1) {
  // Which one goes first changes each round: the engine grows slower with its size.
  const webhooksFirst = round % 2 === 1;
  const first = await perSecond(webhooksFirst ? deliver : write, round);
  const second = await perSecond(webhooksFirst ? write : deliver, round);
  rounds.push(webhooksFirst ? { webhooks: first, raw: second } : { webhooks: second, raw: first });
}
process.send?.(rounds, () => process.exit(0));
