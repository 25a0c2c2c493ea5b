import { systemClock } from '../shared/runtime/clock.ts';
import { readConfigFile } from '../shared/runtime/config-file.ts';
import { createLambda } from '../shared/runtime/lambda.ts';
import { createSecretsManagerSource } from '../shared/runtime/secrets.ts';
import { createDynamoClient } from '../shared/store/dynamo/client.ts';
import { InboundWebhookEnv } from './env.ts';
import { createInboundWebhook } from './inbound-webhook.ts';
import { createWebhookRuntime } from './runtime.ts';

export const handler = createLambda('inbound-webhook', InboundWebhookEnv, (env, log) =>
  createInboundWebhook(
    createWebhookRuntime({
      config: readConfigFile(env.CONFIG_FILE),
      tableName: env.TABLE_NAME,
      dynamo: createDynamoClient(),
      secrets: createSecretsManagerSource({ prefix: env.SECRET_PREFIX, log }),
      now: systemClock,
      log,
    }),
  ),
);
