import { systemClock } from '../shared/runtime/clock.ts';
import { readConfigFile } from '../shared/runtime/config-file.ts';
import { createLambda } from '../shared/runtime/lambda.ts';
import { createLambdaPrepareFile } from '../shared/runtime/media-function.ts';
import { createApiSecretSource } from '../shared/runtime/secrets.ts';
import { createDynamoClient } from '../shared/store/dynamo/client.ts';
import { OutboundSendEnv } from './env.ts';
import { createOutboundSend } from './outbound-send.ts';
import { createSendRuntime } from './runtime.ts';

export const handler = createLambda('outbound-send', OutboundSendEnv, (env, log) =>
  createOutboundSend(
    createSendRuntime({
      config: readConfigFile(env.CONFIG_FILE),
      tableName: env.TABLE_NAME,
      dynamo: createDynamoClient(),
      secrets: createApiSecretSource({ prefix: env.SECRET_PREFIX, region: env.AWS_REGION, log }),
      prepareFile: createLambdaPrepareFile(env.MEDIA_FUNCTION_ARN),
      now: systemClock,
      log,
    }),
  ),
);
