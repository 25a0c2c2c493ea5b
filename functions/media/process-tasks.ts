import { MediaTask } from '../shared/domain/media-task.ts';
import { readJson } from '../shared/domain/read-json.ts';
import type { BatchResponse } from '../shared/runtime/batch-response.ts';
import { copyFile } from './copy-file.ts';
import type { MediaRuntime } from './runtime.ts';

/** A message in the form in which Lambda receives it from SQS. */
export interface TaskBatch {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

type TaskRecord = TaskBatch['Records'][number];

const copy = async (runtime: MediaRuntime, task: Extract<MediaTask, { readonly task: 'copy' }>): Promise<boolean> => {
  const { log } = runtime;
  const { channel } = task;
  const copied = await copyFile(runtime, task);
  switch (copied.kind) {
    case 'copied':
      log.info('media.copied', { channel, bytes: copied.bytes });
      log.count('FilesCopied');
      return true;
    case 'failed':
      log.warn('media.not-copied', { channel, code: copied.fault });
      log.count('FilesRefused');
      return true;
    case 'unavailable':
      log.warn('media.unavailable', { channel, code: copied.code });
      return false;
    case 'not_needed':
      return true;
  }
};

const remove = async ({ bucket, log }: MediaRuntime, key: string): Promise<boolean> => {
  await bucket.remove(key);
  log.count('FilesRemoved');
  return true;
};

/** Whether the message can be deleted from the queue. Never throws. */
const processRecord = async (runtime: MediaRuntime, { messageId, body }: TaskRecord): Promise<boolean> => {
  const task = readJson(body, MediaTask);
  try {
    if (task?.task === 'copy') return await copy(runtime, task);
    if (task?.task === 'remove') return await remove(runtime, task.key);
    runtime.log.warn('media.unreadable', { queueMessageId: messageId });
  } catch (fault) {
    runtime.log.error('media.failed', { queueMessageId: messageId }, fault);
  }
  return false;
};

/** Copies and removes files, side by side. A failed task stays in the queue for its next attempt. */
export const processTasks = async (runtime: MediaRuntime, { Records: records }: TaskBatch): Promise<BatchResponse> => {
  const done = await Promise.all(records.map((record) => processRecord(runtime, record)));
  const failed = records.filter((_, index) => done[index] === false);
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};
