import { systemClock } from '../shared/runtime/clock.ts';
import { readConfigFile } from '../shared/runtime/config-file.ts';
import { createSqsClient, createSqsDeliveryQueue } from '../shared/runtime/delivery-queue.ts';
import { createLambda } from '../shared/runtime/lambda.ts';
import { createSigningSecretSource } from '../shared/runtime/secrets.ts';
import { createDynamoClient, toDocumentClient } from '../shared/store/dynamo/client.ts';
import { createEndpointOutcomeStore } from '../shared/store/endpoint-outcomes.ts';
import { EventDeliveryEnv } from './env.ts';
import { createEventDelivery } from './event-delivery.ts';

export const handler = createLambda('event-delivery', EventDeliveryEnv, (env, log) =>
  createEventDelivery({
    config: readConfigFile(env.CONFIG_FILE),
    secretsOf: createSigningSecretSource({ prefix: env.SECRET_PREFIX, log }),
    store: createEndpointOutcomeStore({ documents: toDocumentClient(createDynamoClient()), tableName: env.TABLE_NAME }),
    queue: createSqsDeliveryQueue(createSqsClient(), env.QUEUE_URL),
    now: systemClock,
    random: Math.random,
    log,
  }),
);
