import { setTimeout } from 'node:timers/promises';
import type { Account, Channel } from '../shared/domain/config.ts';
import type { MessageSender } from '../shared/providers/provider.ts';
import { createSender } from '../shared/providers/registry.ts';
import type { SecretSource } from '../shared/providers/secret-source.ts';
import { type CoreRuntimeOptions, createCoreRuntime } from '../shared/runtime/core-runtime.ts';
import type { PrepareFile } from '../shared/runtime/media-function.ts';
import { once } from '../shared/runtime/once.ts';
import { createStore, type StoreRuntime } from './store.ts';

/** What this Lambda works with. */
export interface SendRuntime extends StoreRuntime {
  readonly senderOf: (channel: Channel) => MessageSender;
  /** Makes an uploaded file what the provider takes. */
  readonly prepareFile: PrepareFile;
  /** Waits between attempts at the provider. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Between 0 and 1, for jitter. */
  readonly random: () => number;
}

export interface SendRuntimeOptions extends CoreRuntimeOptions {
  readonly secrets: SecretSource;
  /** @default - there are no uploads */
  readonly prepareFile?: PrepareFile;
  /** @default - the process's own timer */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

const noUploads: PrepareFile = async () => ({ kind: 'unfit', message: 'names no file' });

export const createSendRuntime = (options: SendRuntimeOptions): SendRuntime => {
  const { now, secrets, prepareFile = noUploads, pause = setTimeout<void> } = options;
  const runtime = createCoreRuntime(options, createStore);
  const sender = once((account: Account) => createSender(account, secrets, now));
  return {
    ...runtime,
    senderOf: (channel) => {
      const account = runtime.account(channel.account);
      if (account === undefined) throw new Error(`channel ${channel.id} names no account`);
      return sender(account);
    },
    prepareFile,
    pause,
    random: Math.random,
  };
};
