import { systemClock } from '../shared/runtime/clock.ts';
import { readConfigFile } from '../shared/runtime/config-file.ts';
import { createSqsDeadLetters } from '../shared/runtime/dead-letters.ts';
import { createSqsClient, createSqsDeliveryQueue } from '../shared/runtime/delivery-queue.ts';
import { createEventBridgeBus, createEventBridgeClient } from '../shared/runtime/event-bus.ts';
import { createLambda } from '../shared/runtime/lambda.ts';
import { createDynamoClient } from '../shared/store/dynamo/client.ts';
import { createChangeStream } from './change-stream.ts';
import { ChangeStreamEnv } from './env.ts';

export const handler = createLambda('change-stream', ChangeStreamEnv, (env, log) =>
  createChangeStream({
    config: readConfigFile(env.CONFIG_FILE),
    tableName: env.TABLE_NAME,
    dynamo: createDynamoClient(),
    now: systemClock,
    log,
    bus: createEventBridgeBus(createEventBridgeClient(), env.BUS_NAME),
    mediaQueue: createSqsDeliveryQueue(createSqsClient(), env.MEDIA_QUEUE_URL),
    deadLetters: createSqsDeadLetters(createSqsClient(), env.DEAD_LETTER_QUEUE_URL),
  }),
);
