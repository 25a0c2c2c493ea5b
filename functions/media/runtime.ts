import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Account, Channel } from '../shared/domain/config.ts';
import type { MediaSource, MediaUploader } from '../shared/providers/provider.ts';
import { createMediaSource, createMediaUploader } from '../shared/providers/registry.ts';
import type { SecretSource } from '../shared/providers/secret-source.ts';
import { type CoreRuntimeOptions, createCoreRuntime } from '../shared/runtime/core-runtime.ts';
import type { DeliveryQueue } from '../shared/runtime/delivery-queue.ts';
import type { FileBucket } from '../shared/runtime/file-bucket.ts';
import { once } from '../shared/runtime/once.ts';
import { createStore, type StoreRuntime } from './store.ts';

/** What this Lambda works with. */
export interface MediaRuntime extends StoreRuntime {
  readonly bucket: FileBucket;
  /** The queue of the {@link MediaTask}s. */
  readonly queue: Pick<DeliveryQueue, 'send'>;
  readonly sourceOf: (channel: Channel) => MediaSource;
  /** Absent where the provider takes a link. */
  readonly uploaderOf: (channel: Channel) => MediaUploader | undefined;
  /** Forty random hex digits. */
  readonly random: () => string;
  /** A key under which nothing is stored; it says how long its file is kept, and names no one. */
  readonly newFileKey: (channel: Channel) => string;
  readonly pause: (milliseconds: number) => Promise<void>;
}

export interface MediaRuntimeOptions extends CoreRuntimeOptions {
  readonly secrets: SecretSource;
  readonly bucket: FileBucket;
  readonly queue: Pick<DeliveryQueue, 'send'>;
  /** @default - the process's own timer */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

const random = (): string => randomBytes(20).toString('hex');

export const createMediaRuntime = (options: MediaRuntimeOptions): MediaRuntime => {
  const { secrets, bucket, queue, pause = setTimeout<void> } = options;
  const runtime = createCoreRuntime(options, createStore);
  const source = once((account: Account) => createMediaSource(account, secrets, runtime.now));
  const uploader = once((account: Account) => createMediaUploader(account, secrets, runtime.now));
  const accountOf = (channel: Channel): Account => {
    const account = runtime.account(channel.account);
    if (account === undefined) throw new Error(`channel ${channel.id} names no account`);
    return account;
  };
  return {
    ...runtime,
    bucket,
    queue,
    sourceOf: (channel) => source(accountOf(channel)),
    uploaderOf: (channel) => uploader(accountOf(channel)),
    random,
    newFileKey: ({ id, retentionDays }) => `${retentionDays}/${id}/${random()}`,
    pause,
  };
};
