import { setTimeout } from 'node:timers/promises';
import type { Account, Channel } from '../domain/config.ts';
import type { MessageSender } from '../providers/provider.ts';
import { createSender } from '../providers/registry.ts';
import type { SecretSource } from '../providers/secret-source.ts';
import { createSendStore, type SendStore } from '../store/message/send-store.ts';
import { type CoreRuntime, createCoreRuntime, type StoreRuntimeOptions } from './core-runtime.ts';
import { once } from './once.ts';

/** What the Lambda that sends is plugged together from. */
export interface SendRuntime extends CoreRuntime<SendStore> {
  readonly senderOf: (channel: Channel) => MessageSender;
  /** Waits between the attempts of a send. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Between 0 and 1, for jitter. */
  readonly random: () => number;
}

export interface SendRuntimeOptions extends StoreRuntimeOptions {
  readonly secrets: SecretSource;
  /** @default - the process's own timer */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

export const createSendRuntime = (options: SendRuntimeOptions): SendRuntime => {
  const { now, secrets, pause = setTimeout<void> } = options;
  const runtime = createCoreRuntime(options, createSendStore);
  const sender = once((account: Account) => createSender(account, secrets, now));
  return {
    ...runtime,
    senderOf: (channel) => {
      const account = runtime.account(channel.account);
      if (account === undefined) throw new Error(`channel ${channel.id} names no account`);
      return sender(account);
    },
    pause,
    random: Math.random,
  };
};
