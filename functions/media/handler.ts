import type { PrepareRequest as PrepareEvent } from '../shared/domain/upload.ts';
import type { HttpEvent } from '../shared/http/handler.ts';
import { systemClock } from '../shared/runtime/clock.ts';
import { readConfigFile } from '../shared/runtime/config-file.ts';
import { createSqsClient, createSqsDeliveryQueue } from '../shared/runtime/delivery-queue.ts';
import { createS3Bucket, createS3Client } from '../shared/runtime/file-bucket.ts';
import { createLambda } from '../shared/runtime/lambda.ts';
import { createLinkSigner, createStsClient } from '../shared/runtime/link-signer.ts';
import { createApiSecretSource } from '../shared/runtime/secrets.ts';
import { createDynamoClient } from '../shared/store/dynamo/client.ts';
import { MediaEnv } from './env.ts';
import { createMedia } from './media.ts';
import { PrepareRequest } from './prepare-request.ts';
import type { TaskBatch } from './process-tasks.ts';
import { createMediaRuntime } from './runtime.ts';

export const handler = createLambda('media', MediaEnv, (env, log) => {
  const { onRequest, onTasks, onPrepare } = createMedia(
    createMediaRuntime({
      config: readConfigFile(env.CONFIG_FILE),
      tableName: env.TABLE_NAME,
      dynamo: createDynamoClient(),
      secrets: createApiSecretSource({ prefix: env.SECRET_PREFIX, region: env.AWS_REGION, log }),
      bucket: createS3Bucket(createS3Client(), env.BUCKET_NAME, createLinkSigner(createStsClient(), env.LINK_ROLE_ARN)),
      queue: createSqsDeliveryQueue(createSqsClient(), env.QUEUE_URL),
      now: systemClock,
      log,
    }),
  );
  // API Gateway calls with a route, the queue with records, and outbound-send with a file to prepare.
  return async (event: HttpEvent | TaskBatch | PrepareEvent) => {
    if ('routeKey' in event) return onRequest(event);
    return 'Records' in event ? onTasks(event) : onPrepare(PrepareRequest.parse(event));
  };
});
