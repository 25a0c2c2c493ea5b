import type { HttpEvent } from '../shared/http/handler.ts';
import { systemClock } from '../shared/runtime/clock.ts';
import { readConfigFile } from '../shared/runtime/config-file.ts';
import { createLambda } from '../shared/runtime/lambda.ts';
import { createApiSecretSource } from '../shared/runtime/secrets.ts';
import { createDynamoClient } from '../shared/store/dynamo/client.ts';
import { TemplateSyncEnv } from './env.ts';
import { createTemplateSync, type ScheduledEvent } from './template-sync.ts';

export const handler = createLambda('template-sync', TemplateSyncEnv, (env, log) => {
  const { onRequest, onSchedule } = createTemplateSync({
    config: readConfigFile(env.CONFIG_FILE),
    tableName: env.TABLE_NAME,
    dynamo: createDynamoClient(),
    secrets: createApiSecretSource({ prefix: env.SECRET_PREFIX, region: env.AWS_REGION, log }),
    now: systemClock,
    log,
  });
  // API Gateway calls with a route, the schedule without one.
  return async (event: HttpEvent | ScheduledEvent) => ('routeKey' in event ? onRequest(event) : onSchedule(event));
});
