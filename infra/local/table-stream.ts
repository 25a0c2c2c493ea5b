import { setTimeout } from 'node:timers/promises';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { StreamBatch } from '../../functions/change-stream/change-stream.ts';
import type { BatchResponse } from '../../functions/shared/runtime/batch-response.ts';
import type { StreamRecord } from '../../functions/shared/store/changes.ts';
import { createStreamReader } from '../operate/stream-reader.ts';
import { LOCAL_ENGINE } from './dynamodb-local.ts';
import { createShardCursors } from './shard-cursors.ts';

/** How often the stream is asked for news. */
const POLL_MS = 100;

/** How often a record that fails is handed over, before it is left out as a failure queue would take it. */
const ATTEMPTS = 3;

type Handler = (batch: StreamBatch) => Promise<BatchResponse>;

/** How many of the records were taken, from the front. */
const takenOf = async (handler: Handler, records: readonly StreamRecord[]): Promise<number> => {
  try {
    const [failure] = (await handler({ Records: records })).batchItemFailures;
    const place = records.findIndex(({ dynamodb }) => dynamodb?.SequenceNumber === failure?.itemIdentifier);
    return failure === undefined ? records.length : Math.max(0, place);
  } catch {
    return 0;
  }
};

/** Hands records over as Lambda does: again from the first that failed, and on without it in the end. */
const feed = async (handler: Handler, records: readonly StreamRecord[]): Promise<void> => {
  let rest = records;
  let attempts = 0;
  while (rest.length > 0) {
    const taken = await takenOf(handler, rest);
    attempts = taken > 0 ? 1 : attempts + 1;
    const isLeftOut = taken < rest.length && attempts >= ATTEMPTS;
    rest = rest.slice(isLeftOut ? taken + 1 : taken);
    if (isLeftOut) attempts = 0;
  }
};

export interface TableStream {
  /** Resolves once everything that was written before has been handed over. */
  readonly drain: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Feeds a handler with what is written to a table of a local engine from now on, ten times a second. */
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
      await feed(handler, records);
  };
  let last: Promise<void> = Promise.resolve();
  const drain = () => {
    last = last.then(pull, pull);
    return last;
  };
  const ending = new AbortController();
  const poll = async () => {
    while (!ending.signal.aborted) {
      await drain().catch(() => undefined);
      await setTimeout(POLL_MS, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  };
  const polling = poll();
  return {
    drain,
    stop: async () => {
      ending.abort();
      await polling;
      client.destroy();
    },
  };
};
