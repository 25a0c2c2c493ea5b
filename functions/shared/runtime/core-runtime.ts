import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ulid } from 'ulid';
import type { Account, Channel, Config } from '../domain/config.ts';
import { type Table, toDocumentClient } from '../store/dynamo/client.ts';
import type { Log } from './log.ts';

export interface StoreRuntimeOptions {
  readonly config: Config;
  readonly tableName: string;
  readonly dynamo: DynamoDBClient;
  readonly now: () => Date;
  readonly log: Log;
}

/** What every Lambda is plugged together from, without the providers; born once per container. */
export interface CoreRuntime<Store> {
  readonly store: Store;
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

/** Plugs the parts together around the verbs of the store that a Lambda uses, so that it carries no others. */
export const createCoreRuntime = <Store>(
  { config, tableName, dynamo, now, log }: StoreRuntimeOptions,
  createStore: (table: Table) => Store,
): CoreRuntime<Store> => ({
  store: createStore({ documents: toDocumentClient(dynamo), tableName }),
  now,
  newId: () => ulid(now().getTime()),
  elapsed: () => performance.now(),
  log,
  account: (id) => config.accounts.find((account) => account.id === id),
  channel: (id) => config.channels.find((channel) => channel.id === id),
  channels: config.channels,
});
