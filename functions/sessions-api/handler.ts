import { systemClock } from '../shared/runtime/clock.ts';
import { readConfigFile } from '../shared/runtime/config-file.ts';
import { createCoreRuntime } from '../shared/runtime/core-runtime.ts';
import { createSqsClient, createSqsDeliveryQueue } from '../shared/runtime/delivery-queue.ts';
import { createLambda } from '../shared/runtime/lambda.ts';
import { createDynamoClient } from '../shared/store/dynamo/client.ts';
import { SessionsApiEnv } from './env.ts';
import { createSessionsApi } from './sessions-api.ts';
import { createStore } from './store.ts';

export const handler = createLambda('sessions-api', SessionsApiEnv, (env, log) =>
  createSessionsApi({
    ...createCoreRuntime(
      {
        config: readConfigFile(env.CONFIG_FILE),
        tableName: env.TABLE_NAME,
        dynamo: createDynamoClient(),
        now: systemClock,
        log,
      },
      createStore,
    ),
    deliveryQueue:
      env.DELIVERY_QUEUE_URL === '' ? undefined : createSqsDeliveryQueue(createSqsClient(), env.DELIVERY_QUEUE_URL),
  }),
);
