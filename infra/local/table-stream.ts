import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import type { BatchAnswer, StreamBatch } from '../../functions/change-stream/change-stream.ts';
import type { StreamRecord } from '../../functions/shared/store/changes.ts';
import { LOCAL_ENGINE } from './dynamodb-local.ts';

/** How often the stream is asked for news. */
const POLL_MS = 100;

/** How often a record that fails is handed over, before it is left out as a failure queue would take it. */
const ATTEMPTS = 3;

const Streams = z.object({ Streams: z.array(z.object({ StreamArn: z.string() })) });
const Description = z.object({
  StreamDescription: z.object({ Shards: z.array(z.object({ ShardId: z.string() })).default([]) }),
});
const Iterator = z.object({ ShardIterator: z.string() });
const isRecord = (value: unknown): value is StreamRecord => typeof value === 'object' && value !== null;
const Records = z.object({
  Records: z.array(z.custom<StreamRecord>(isRecord)).default([]),
  NextShardIterator: z.string().nullish(),
});

/** Local engines read the credentials, for whose table it is, and check no signature. */
const { region, credentials } = LOCAL_ENGINE;
const AUTHORIZATION = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/20260101/${region}/dynamodb/aws4_request, SignedHeaders=host, Signature=local`;

/** The streams have an API of their own, beside DynamoDB's, with the records as Lambda hands them over. */
const createStreamsApi = (endpoint: string) => {
  const call = async <S extends z.ZodType>(operation: string, request: object, schema: S): Promise<z.output<S>> => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDBStreams_20120810.${operation}`,
        authorization: AUTHORIZATION,
      },
      body: JSON.stringify(request),
    });
    if (!response.ok) throw new Error(`${operation} answered ${response.status}`);
    return schema.parse(await response.json());
  };
  return {
    streamOf: async (TableName: string) =>
      (await call('ListStreams', { TableName }, Streams)).Streams.at(-1)?.StreamArn,
    shardsOf: async (StreamArn: string) =>
      (await call('DescribeStream', { StreamArn }, Description)).StreamDescription.Shards.map(({ ShardId }) => ShardId),
    iteratorOf: async (StreamArn: string, ShardId: string, ShardIteratorType: 'LATEST' | 'TRIM_HORIZON') =>
      (await call('GetShardIterator', { StreamArn, ShardId, ShardIteratorType }, Iterator)).ShardIterator,
    read: (ShardIterator: string) => call('GetRecords', { ShardIterator }, Records),
  };
};
type StreamsApi = ReturnType<typeof createStreamsApi>;

type Handler = (batch: StreamBatch) => Promise<BatchAnswer>;

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

/** Where each shard is read on; a shard that has ended is read no more. */
const createCursors = async (api: StreamsApi, streamArn: string) => {
  const iterators = new Map<string, string | undefined>();
  const lookForShards = async (from: 'LATEST' | 'TRIM_HORIZON') => {
    for (const shard of await api.shardsOf(streamArn))
      if (!iterators.has(shard)) iterators.set(shard, await api.iteratorOf(streamArn, shard, from));
  };
  await lookForShards('LATEST');
  /** The next records of every shard. */
  const read = async (): Promise<readonly StreamRecord[]> => {
    const records: StreamRecord[] = [];
    for (const [shard, iterator] of iterators) {
      if (iterator === undefined) continue;
      const page = await api.read(iterator);
      records.push(...page.Records);
      iterators.set(shard, page.NextShardIterator ?? undefined);
      if (page.NextShardIterator === undefined || page.NextShardIterator === null) await lookForShards('TRIM_HORIZON');
    }
    return records;
  };
  return { read };
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
  const api = createStreamsApi(endpoint);
  const streamArn = await api.streamOf(tableName).catch(() => undefined);
  if (streamArn === undefined) return undefined;
  const cursors = await createCursors(api, streamArn);
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
    stop: () => {
      ending.abort();
      return polling;
    },
  };
};
