import type { PreparedFile, PrepareRequest } from '../shared/domain/upload.ts';
import { type Responders, serveRoutes } from '../shared/http/serve-routes.ts';
import type { BatchResponse } from '../shared/runtime/batch-response.ts';
import { createUpload } from './create-upload.ts';
import { prepareFile } from './prepare-file.ts';
import { processTasks, type TaskBatch } from './process-tasks.ts';
import type { MediaRuntime } from './runtime.ts';
import { showMedia } from './show-media.ts';

const RESPONDERS = {
  'GET /v1/channels/{channel}/customers/{customer}/messages/{id}/media': showMedia,
  'POST /v1/channels/{channel}/media': createUpload,
} satisfies Responders<'media', MediaRuntime>;

/** Shows the files of customers, takes those that are sent to them, and works off the queue of their copies and removals. */
export const createMedia = (runtime: MediaRuntime) => ({
  onRequest: serveRoutes(runtime, RESPONDERS),
  /** Never throws: what fails is tried again by the caller. */
  onPrepare: async (request: PrepareRequest): Promise<PreparedFile> => {
    runtime.log.begin(request.upload);
    try {
      return await prepareFile(runtime, request);
    } catch (fault) {
      runtime.log.error('media.not-prepared', { channel: request.channel }, fault);
      return { kind: 'unavailable', code: 'internal', title: 'The file could not be read' };
    } finally {
      runtime.log.end();
    }
  },
  onTasks: async (batch: TaskBatch): Promise<BatchResponse> => {
    runtime.log.begin(batch.Records[0]?.messageId ?? 'empty');
    try {
      return await processTasks(runtime, batch);
    } finally {
      runtime.log.end();
    }
  },
});
