import { systemClock } from '../shared/runtime/clock.ts';
import { readConfigFile } from '../shared/runtime/config-file.ts';
import { createLambda } from '../shared/runtime/lambda.ts';
import { createDynamoClient } from '../shared/store/dynamo/client.ts';
import { InboundQueueEnv } from './env.ts';
import { createInboundQueue } from './inbound-queue.ts';

export const handler = createLambda('inbound-queue', InboundQueueEnv, (env, log) =>
  createInboundQueue({
    config: readConfigFile(env.CONFIG_FILE),
    tableName: env.TABLE_NAME,
    dynamo: createDynamoClient(),
    now: systemClock,
    log,
  }),
);
