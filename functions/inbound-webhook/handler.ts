import { systemClock } from '../shared/runtime/clock.ts';
import { readConfigFile } from '../shared/runtime/config-file.ts';
import { createLog } from '../shared/runtime/log.ts';
import { createSecretsManagerSource } from '../shared/runtime/secrets.ts';
import { createDynamoClient } from '../shared/store/dynamo/client.ts';
import { InboundWebhookEnv } from './env.ts';
import { createInboundWebhook } from './inbound-webhook.ts';
import { createWebhookRuntime } from './runtime.ts';

const env = InboundWebhookEnv.parse(process.env);
const log = createLog('inbound-webhook');

export const handler = createInboundWebhook(
  createWebhookRuntime({
    config: readConfigFile(env.CONFIG_FILE),
    tableName: env.TABLE_NAME,
    dynamo: createDynamoClient(),
    secrets: createSecretsManagerSource({ prefix: env.SECRET_PREFIX, log }),
    now: systemClock,
    log,
  }),
);
