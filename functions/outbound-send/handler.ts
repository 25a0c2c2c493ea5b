import { systemClock } from '../shared/runtime/clock.ts';
import { readConfigFile } from '../shared/runtime/config-file.ts';
import { createLog } from '../shared/runtime/log.ts';
import { createSecretsManagerSource } from '../shared/runtime/secrets.ts';
import { createDynamoClient } from '../shared/store/dynamo/client.ts';
import { OutboundSendEnv } from './env.ts';
import { createOutboundSend } from './outbound-send.ts';
import { createSendRuntime } from './runtime.ts';

const env = OutboundSendEnv.parse(process.env);
const log = createLog('outbound-send');

export const handler = createOutboundSend(
  createSendRuntime({
    config: readConfigFile(env.CONFIG_FILE),
    tableName: env.TABLE_NAME,
    dynamo: createDynamoClient(),
    secrets: createSecretsManagerSource({ prefix: env.SECRET_PREFIX, log }),
    now: systemClock,
    log,
  }),
);
