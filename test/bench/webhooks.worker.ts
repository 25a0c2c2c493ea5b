import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { createDynamoClient, toDocumentClient } from '../../functions/shared/store/dynamo/client.ts';
import { LOCAL_ENGINE } from '../../infra/shared/local-engine.ts';
import { aContact, aMessage } from '../support/meta.ts';
import { createInbound, toWebhook } from './inbound.ts';

const WEBHOOKS_PER_RUN = 1_500;
const CONCURRENCY = 32;
const RUNS = 7;
const NOON = Date.UTC(2026, 10, 20, 12) / 1000;

const endpoint = process.argv[2] ?? '';
const { tableName, deliver: deliverWebhook } = await createInbound(endpoint, new Date((NOON + 3_600) * 1000));
const documents = toDocumentClient(createDynamoClient({ ...LOCAL_ENGINE, endpoint }));

const indexes = Array.from({ length: WEBHOOKS_PER_RUN }, (_, index) => index);
const phone = (index: number) => String(491_511_000_000 + index);

/** A signed webhook with one text, one second later in each run: the steady state of an open session. */
const deliver = async (index: number, run: number) => {
  const message = aMessage({ id: `wamid.${run}.${index}`, from: phone(index), timestamp: String(NOON + run) });
  const contact = aContact({ wa_id: phone(index) });
  await deliverWebhook(toWebhook({ contacts: [contact], messages: [message] }));
};

/** The two conditional writes alone, on as many items of the same size. */
const write = async (index: number, run: number) => {
  const pk = `RAW#${index}`;
  await documents.send(
    new UpdateCommand({
      TableName: tableName,
      Key: { pk, sk: 'SESSION' },
      UpdateExpression: 'SET lastInboundAt = :at, expiresAt = :expiresAt, phase = :open, dueBucket = :bucket',
      ConditionExpression: 'attribute_not_exists(pk) OR lastInboundAt < :at',
      ExpressionAttributeValues: {
        ':at': NOON + run,
        ':expiresAt': NOON + run + 86_400,
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
        sk: `MSG#${(NOON + run) * 1000}#wamid.${run}.${index}`,
        direction: 'inbound',
        id: `wamid.${run}.${index}`,
        at: (NOON + run) * 1000,
        receivedAt: (NOON + 3_600) * 1000,
        content: '{"type":"text","text":"Guten Tag"}',
        profileName: 'Mira Holm',
        expiresAt: NOON + 30 * 86_400,
      },
      ConditionExpression: 'attribute_not_exists(pk)',
    }),
  );
};

const perSecond = async (work: (index: number, run: number) => Promise<void>, run: number): Promise<number> => {
  const started = performance.now();
  await pMap(indexes, (index) => work(index, run), { concurrency: CONCURRENCY });
  return WEBHOOKS_PER_RUN / ((performance.now() - started) / 1000);
};

await perSecond(deliver, 0);
await perSecond(write, 0);
const results: { webhooks: number; raw: number }[] = [];
for (let run = 1; run <= RUNS; run += 1) {
  // The order alternates: DynamoDB Local becomes slower as it fills.
  const webhooksFirst = run % 2 === 1;
  const first = await perSecond(webhooksFirst ? deliver : write, run);
  const second = await perSecond(webhooksFirst ? write : deliver, run);
  results.push(webhooksFirst ? { webhooks: first, raw: second } : { webhooks: second, raw: first });
}
process.send?.(results, () => process.exit(0));
