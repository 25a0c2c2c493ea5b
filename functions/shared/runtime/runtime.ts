import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ulid } from 'ulid';
import type { Account, Channel, Config } from '../domain/config.ts';
import type { MessageSender, WebhookReader } from '../providers/provider.ts';
import { createReader, createSender, type SecretSource } from '../providers/registry.ts';
import { toDocumentClient } from '../store/client.ts';
import { createSessionsStore, type SessionsStore } from '../store/sessions-store.ts';
import type { Log } from './log.ts';

export interface StoreRuntimeOptions {
  readonly config: Config;
  readonly tableName: string;
  readonly dynamo: DynamoDBClient;
  readonly now: () => Date;
  readonly log: Log;
}

/** What a Lambda is plugged together from that never calls a provider; born once per container. */
export interface StoreRuntime {
  readonly store: SessionsStore;
  readonly now: () => Date;
  readonly log: Log;
  readonly account: (id: string | undefined) => Account | undefined;
  readonly channel: (id: string | undefined) => Channel | undefined;
}

/** The same with the providers beside it. */
export interface Runtime extends StoreRuntime {
  /** A fresh ULID in this clock's time. */
  readonly newId: () => string;
  readonly readerOf: (account: Account) => WebhookReader;
  readonly senderOf: (channel: Channel) => MessageSender;
}

/** Makes one value per key, when it is first asked for. */
const once = <K extends { readonly id: string }, V>(make: (key: K) => V): ((key: K) => V) => {
  const made = new Map<string, V>();
  return (key) => {
    const known = made.get(key.id);
    if (known !== undefined) return known;
    const fresh = make(key);
    made.set(key.id, fresh);
    return fresh;
  };
};

export const createStoreRuntime = ({ config, tableName, dynamo, now, log }: StoreRuntimeOptions): StoreRuntime => ({
  store: createSessionsStore({ documents: toDocumentClient(dynamo), tableName }),
  now,
  log,
  account: (id) => config.accounts.find((account) => account.id === id),
  channel: (id) => config.channels.find((channel) => channel.id === id),
});

export const createRuntime = (options: StoreRuntimeOptions & { readonly secrets: SecretSource }): Runtime => {
  const { config, now, secrets } = options;
  const runtime = createStoreRuntime(options);
  const sender = once((account: Account) => createSender(account, secrets, now));
  return {
    ...runtime,
    newId: () => ulid(now().getTime()),
    readerOf: once((account: Account) =>
      createReader(
        account,
        config.channels.filter((channel) => channel.account === account.id),
        secrets,
      ),
    ),
    senderOf: (channel) => {
      const account = runtime.account(channel.account);
      if (account === undefined) throw new Error(`channel ${channel.id} names no account`);
      return sender(account);
    },
  };
};
