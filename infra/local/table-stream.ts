import { setTimeout } from 'node:timers/promises';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { StreamBatch } from '../../functions/change-stream/change-stream.ts';
import type { BatchResponse } from '../../functions/shared/runtime/batch-response.ts';
import type { StreamRecord } from '../../functions/shared/store/changes.ts';
import { createStreamReader } from '../operate/stream-reader.ts';
import { LOCAL_ENGINE } from '../shared/local-engine.ts';
import { createShardCursors } from './shard-cursors.ts';

/** How often the stream is polled. */
const POLL_MS = 100;

/** Attempts of a failing record before it is skipped, as Lambda would send it to the dead-letter queue. */
const MAX_ATTEMPTS = 3;

type Handler = (batch: StreamBatch) => Promise<BatchResponse>;

/** The number of records before the first failure. */
const countProcessed = async (handler: Handler, records: readonly StreamRecord[]): Promise<number> => {
  try {
    const [failure] = (await handler({ Records: records })).batchItemFailures;
    const index = records.findIndex(({ dynamodb }) => dynamodb?.SequenceNumber === failure?.itemIdentifier);
    return failure === undefined ? records.length : Math.max(0, index);
  } catch {
    return 0;
  }
};

/** Invokes the handler as Lambda does: retries from the first failed record, which is skipped after the last attempt. */
const invoke = async (handler: Handler, records: readonly StreamRecord[]): Promise<void> => {
  let rest = records;
  let attempts = 0;
  while (rest.length > 0) {
    const processed = await countProcessed(handler, rest);
    attempts = processed > 0 ? 1 : attempts + 1;
    const isSkipped = processed < rest.length && attempts >= MAX_ATTEMPTS;
    rest = rest.slice(isSkipped ? processed + 1 : processed);
    if (isSkipped) attempts = 0;
  }
};

export interface TableStream {
  /** Resolves once the handler has got every earlier write. */
  readonly drain: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Invokes a handler with every write to a local table from now on; `undefined` when there is no such stream. */
export const startTableStream = async (
  endpoint: string,
  tableName: string,
  handler: Handler,
): Promise<TableStream | undefined> => {
  const client = new DynamoDBStreamsClient({ ...LOCAL_ENGINE, endpoint });
  const reader = createStreamReader(client);
  const streamArn = await reader.streamOf(tableName).catch(() => undefined);
  if (streamArn === undefined) {
    client.destroy();
    return undefined;
  }
  const cursors = await createShardCursors(reader, streamArn);
  const pull = async (): Promise<void> => {
    for (let records = await cursors.read(); records.length > 0; records = await cursors.read())
      await invoke(handler, records);
  };
  let last: Promise<void> = Promise.resolve();
  const drain = () => {
    last = last.then(pull, pull);
    return last;
  };
  const stopping = new AbortController();
  const poll = async () => {
    while (!stopping.signal.aborted) {
      await drain().catch(() => undefined);
      await setTimeout(POLL_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const polling = poll();
  return {
    drain,
    stop: async () => {
      stopping.abort();
      await polling;
      client.destroy();
    },
  };
};
