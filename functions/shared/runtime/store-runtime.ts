import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ulid } from 'ulid';
import type { Account, Channel, Config } from '../domain/config.ts';
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

/** What every Lambda is plugged together from, without the providers; born once per container. */
export interface StoreRuntime {
  readonly store: SessionsStore;
  readonly now: () => Date;
  /** A fresh ULID in this clock's time. */
  readonly newId: () => string;
  /** Milliseconds on a clock that nobody sets. */
  readonly elapsed: () => number;
  readonly log: Log;
  readonly account: (id: string | undefined) => Account | undefined;
  readonly channel: (id: string | undefined) => Channel | undefined;
  readonly channels: readonly Channel[];
}

export const createStoreRuntime = ({ config, tableName, dynamo, now, log }: StoreRuntimeOptions): StoreRuntime => ({
  store: createSessionsStore({ documents: toDocumentClient(dynamo), tableName }),
  now,
  newId: () => ulid(now().getTime()),
  elapsed: () => performance.now(),
  log,
  account: (id) => config.accounts.find((account) => account.id === id),
  channel: (id) => config.channels.find((channel) => channel.id === id),
  channels: config.channels,
});
