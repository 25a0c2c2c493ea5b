import * as z from 'zod';
import type { StreamRecord } from '../../../functions/shared/store/changes.ts';
import type { ShardCursors } from '../../../infra/local/shard-cursors.ts';
import { type EventSource, invokeBatch, Mapping, type MappingOptions, usePoller } from './mapping.ts';

export const StreamMapping = Mapping.extend({
  BisectBatchOnFunctionError: z.literal(true),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.string() }) }),
  MaximumRecordAgeInSeconds: z.number(),
  MaximumRetryAttempts: z.literal(-1),
  ParallelizationFactor: z.literal(1),
  StartingPosition: z.literal('TRIM_HORIZON'),
});

/** A record, and when Lambda got it. */
interface Arrived {
  readonly record: StreamRecord;
  readonly atMs: number;
}

/** The shard of every record: the rehearsal's table has few records and the destination needs a name. */
const SHARD = 'shardId-00000000000000000000-00000000';

const numberOf = ({ record }: Arrived): string => record.dynamodb?.SequenceNumber ?? '';

/** What Lambda sends to the destination of records that it gave up: their position, not the records. */
const toLetter = (given: readonly Arrived[], streamArn: string): string =>
  JSON.stringify({
    requestContext: { condition: 'RecordAgeExceeded', approximateInvokeCount: 1 },
    version: '1.0',
    DDBStreamBatchInfo: {
      shardId: SHARD,
      startSequenceNumber: given.map(numberOf)[0],
      endSequenceNumber: given.map(numberOf).at(-1),
      batchSize: given.length,
      streamArn,
    },
  });

/**
 * The event source mapping of the table's stream. A batch of which the function reports a failed record goes on from that
 * record; one that fails as a whole is halved. What cannot be halved blocks the stream until the next pump, or until its
 * records are too old and go to the destination.
 */
export const createStreamSource = (
  options: MappingOptions,
  cursors: ShardCursors,
  mapping: z.infer<typeof StreamMapping>,
): EventSource & { readonly attempts: () => readonly (readonly string[])[] } => {
  const { ledger, functions, queues, now } = options;
  const { FunctionName: arn, BatchSize, EventSourceArn: eventSourceARN, MaximumRecordAgeInSeconds } = mapping;
  const destination = queues.byArn(mapping.DestinationConfig.OnFailure.Destination);
  const maySend = () =>
    ledger.authorize(functions.roleOf(arn), { action: 'sqs:SendMessage', resource: destination.arn });
  // Lambda refuses a mapping whose destination the function may not use.
  maySend();
  const backlog: Arrived[] = [];
  const attempts: (readonly string[])[] = [];
  /** As many of the first records are retried alone. */
  let isolated: number | undefined;
  const dropExpired = (): void => {
    const isFresh = ({ atMs }: Arrived) => now() - atMs <= MaximumRecordAgeInSeconds * 1_000;
    const firstFresh = backlog.findIndex(isFresh);
    const expired = backlog.splice(0, firstFresh === -1 ? backlog.length : firstFresh);
    if (expired.length === 0) return;
    isolated = undefined;
    if (maySend()) destination.send(toLetter(expired, eventSourceARN));
  };
  /** The number of records before the first one that failed, or that the batch failed as a whole. */
  const invoke = async (batch: readonly Arrived[]): Promise<number | 'failed'> => {
    attempts.push(batch.map(numberOf));
    const failed = await invokeBatch(
      options,
      arn,
      batch.map(({ record }) => ({ ...record, eventSourceARN })),
    );
    if (failed === 'all') return 'failed';
    return failed[0] === undefined ? batch.length : batch.map(numberOf).indexOf(failed[0]);
  };
  const block = (size: number): false => {
    isolated = size;
    return false;
  };
  /** Passes on the first records of the backlog, so many, in halves where they fail; false where they block. */
  const passOn = async (size: number): Promise<boolean> => {
    const processed = await invoke(backlog.slice(0, size));
    if (processed === 'failed') {
      const half = Math.floor(size / 2);
      return half === 0 ? block(size) : (await passOn(half)) && passOn(size - half);
    }
    backlog.splice(0, processed);
    if (processed === size) return true;
    return processed === 0 ? block(size) : passOn(size - processed);
  };
  /** Begins with what blocks, then goes on with whole batches. */
  const passOnAll = async (): Promise<void> => {
    while (backlog.length > 0) {
      if (!(await passOn(Math.min(isolated ?? BatchSize, backlog.length)))) return;
      isolated = undefined;
    }
  };
  return {
    attempts: () => attempts,
    pump: async () => {
      usePoller(options, arn, ['dynamodb', ['DescribeStream', 'GetShardIterator', 'GetRecords'], eventSourceARN]);
      backlog.push(...(await cursors.read()).map((record) => ({ record, atMs: now() })));
      const waiting = backlog.length;
      dropExpired();
      await passOnAll();
      return waiting - backlog.length;
    },
  };
};
