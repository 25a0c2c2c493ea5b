import { setTimeout } from 'node:timers/promises';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { createStreamReader } from '../operate/stream-reader.ts';
import { LOCAL_ENGINE } from '../shared/local-engine.ts';
import { createEventSource, type StreamHandler } from './event-source.ts';
import { createShardCursors } from './shard-cursors.ts';

/** How often the stream is polled. */
const POLL_MS = 100;

/** The longest pause between two attempts of a record that keeps failing. */
const MAX_PAUSE_MS = 10_000;

export interface TableStream {
  /** Resolves once the handler has got every earlier write, or while one of them fails: false. */
  readonly drain: () => Promise<boolean>;
  readonly stop: () => Promise<void>;
}

/** Delivers what is new from time to time, more slowly while a record fails. */
const startPolling = (drain: () => Promise<boolean>) => {
  const stopping = new AbortController();
  const poll = async () => {
    for (let pauseMs = POLL_MS; !stopping.signal.aborted; ) {
      const isDelivered = await drain().catch(() => false);
      pauseMs = isDelivered ? POLL_MS : Math.min(pauseMs * 2, MAX_PAUSE_MS);
      await setTimeout(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const polling = poll();
  return {
    stop: async () => {
      stopping.abort();
      await polling;
    },
  };
};

/** Invokes a handler with every write to a local table from now on; `undefined` when there is no such stream. */
export const startTableStream = async (
  endpoint: string,
  tableName: string,
  handler: StreamHandler,
): Promise<TableStream | undefined> => {
  const client = new DynamoDBStreamsClient({ ...LOCAL_ENGINE, endpoint });
  const reader = createStreamReader(client);
  const streamArn = await reader.streamOf(tableName).catch(() => undefined);
  if (streamArn === undefined) {
    client.destroy();
    return undefined;
  }
  const cursors = await createShardCursors(reader, streamArn);
  const source = createEventSource(handler);
  const pull = async (): Promise<boolean> => {
    for (;;) {
      const records = await cursors.read();
      const isDelivered = await source.deliver(records.map((record) => ({ ...record, eventSourceARN: streamArn })));
      if (records.length === 0 || !isDelivered) return isDelivered;
    }
  };
  let last: Promise<boolean> = Promise.resolve(true);
  const drain = () => {
    last = last.then(pull, pull);
    return last;
  };
  const polling = startPolling(drain);
  return {
    drain,
    stop: async () => {
      await polling.stop();
      client.destroy();
    },
  };
};
