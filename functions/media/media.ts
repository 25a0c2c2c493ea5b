import { type Responders, serveRoutes } from '../shared/http/serve-routes.ts';
import type { BatchResponse } from '../shared/runtime/batch-response.ts';
import { processTasks, type TaskBatch } from './process-tasks.ts';
import type { MediaRuntime } from './runtime.ts';
import { showMedia } from './show-media.ts';

const RESPONDERS = {
  'GET /v1/channels/{channel}/customers/{customer}/messages/{id}/media': showMedia,
} satisfies Responders<'media', MediaRuntime>;

/** Shows the files of customers, and works off the queue of their copies and removals. */
export const createMedia = (runtime: MediaRuntime) => ({
  onRequest: serveRoutes(runtime, RESPONDERS),
  onTasks: async (batch: TaskBatch): Promise<BatchResponse> => {
    runtime.log.begin(batch.Records[0]?.messageId ?? 'empty');
    try {
      return await processTasks(runtime, batch);
    } finally {
      runtime.log.end();
    }
  },
});
