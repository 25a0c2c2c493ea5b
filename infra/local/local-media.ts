import { createMedia } from '../../functions/media/media.ts';
import { createMediaRuntime } from '../../functions/media/runtime.ts';
import { startLocalBucket } from './local-bucket.ts';
import { handlerOptions, type LocalParts } from './local-parts.ts';
import { createLocalQueue } from './local-queue.ts';

/** Fewer and sooner than in AWS, where a copy is tried for an hour and a half. */
const MAX_RECEIVES = 3;
const VISIBILITY_SECONDS = 5;

/** The files of a local run: the deployed handler, a bucket as a folder and a queue in memory. */
export const startLocalMedia = async (parts: LocalParts) => {
  const { bucket, origin, files, stop: stopBucket } = await startLocalBucket(parts.clock.now);
  const media = createMedia(
    createMediaRuntime({ ...handlerOptions(parts, 'media'), bucket, queue: { send: async (bodies) => put(bodies) } }),
  );
  const tasks = createLocalQueue({
    createHandler: () => media.onTasks,
    maxReceives: MAX_RECEIVES,
    visibilitySeconds: VISIBILITY_SECONDS,
  });
  const put = (bodies: readonly string[]): void => bodies.forEach((body) => void tasks.put(body));
  return {
    /** Where its files are read and uploaded. */
    origin,
    files,
    onRequest: media.onRequest,
    prepareFile: media.onPrepare,
    /** The queue of the copies and removals. */
    queue: { send: async (bodies: readonly string[]) => put(bodies) },
    stop: async () => {
      await tasks.stop();
      await stopBucket();
    },
  };
};
export type LocalMedia = Awaited<ReturnType<typeof startLocalMedia>>;
