import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ulid } from 'ulid';
import type { Account, Channel, Config } from '../domain/config.ts';
import { portfolioSince } from '../domain/number.ts';
import { type Table, toDocumentClient } from '../store/dynamo/client.ts';
import type { Log } from './log.ts';

export interface CoreRuntimeOptions {
  readonly config: Config;
  readonly tableName: string;
  readonly dynamo: DynamoDBClient;
  readonly now: () => Date;
  readonly log: Log;
}

/** What a Lambda on the sessions table works with; created once per container. */
export interface CoreRuntime<Store> {
  readonly store: Store;
  readonly now: () => Date;
  /** A new ULID at the time of {@link now}. */
  readonly newId: () => string;
  /** Milliseconds of a monotonic clock. */
  readonly elapsed: () => number;
  readonly log: Log;
  readonly account: (id: string | undefined) => Account | undefined;
  readonly channel: (id: string | undefined) => Channel | undefined;
  readonly channels: readonly Channel[];
  /** Whether the caller may know of a channel, also of one that is no longer configured. */
  readonly reaches: (channel: string) => boolean;
}

/** Creates the runtime of a Lambda; `createStore` composes the store verbs that it uses, so that its bundle has no others. */
export const createCoreRuntime = <Store>(
  { config, tableName, dynamo, now, log }: CoreRuntimeOptions,
  createStore: (table: Table) => Store,
): CoreRuntime<Store> => {
  const channelOf = (id: string | undefined) => config.channels.find((channel) => channel.id === id);
  const table = {
    documents: toDocumentClient(dynamo),
    tableName,
    portfolioSince: (id: string) => portfolioSince(channelOf(id)?.movedFrom),
  };
  return {
    store: createStore(table),
    now,
    newId: () => ulid(now().getTime()),
    elapsed: () => performance.now(),
    log,
    account: (id) => config.accounts.find((account) => account.id === id),
    channel: channelOf,
    channels: config.channels,
    reaches: () => true,
  };
};
