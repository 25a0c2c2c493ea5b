import { ResourceNotFoundException, TrimmedDataAccessException } from '@aws-sdk/client-dynamodb-streams';
import * as z from 'zod';
import { RecordLetter } from '../../functions/change-stream/record-letter.ts';
import { readJson } from '../../functions/shared/domain/read-json.ts';
import type { StreamRecord } from '../../functions/shared/store/changes.ts';
import type { Shard, StreamReader } from './stream-reader.ts';

/** Consecutive empty pages after which the records count as expired. */
const MAX_EMPTY_PAGES = 10;

const SequenceNumber = z.string().regex(/^\d+$/);

/**
 * The message that Lambda sends for a batch it has given up: it contains the records' position in the stream only.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
const FailedBatch = z.object({
  DDBStreamBatchInfo: z.object({
    streamArn: z.string(),
    shardId: z.string(),
    startSequenceNumber: SequenceNumber,
    endSequenceNumber: SequenceNumber,
    batchSize: z.int().min(1).max(1_000),
  }),
});
type BatchPosition = z.infer<typeof FailedBatch>['DDBStreamBatchInfo'];

/** A range of records of one shard; the letter of the function names no shard, because Lambda does not tell it. */
export type StreamPosition = Omit<BatchPosition, 'shardId'> & { readonly shardId?: string | undefined };

/** The position of the record that the function could never publish. */
const toPosition = ({ unpublishableRecord }: RecordLetter): StreamPosition => ({
  streamArn: unpublishableRecord.streamArn,
  startSequenceNumber: unpublishableRecord.sequenceNumber,
  endSequenceNumber: unpublishableRecord.sequenceNumber,
  batchSize: 1,
});

/** The position that a dead letter of Lambda or of the function names; `undefined` where its body is of another shape. */
export const parseStreamPosition = (body: string): StreamPosition | undefined => {
  const ofFunction = readJson(body, RecordLetter);
  return ofFunction === undefined ? readJson(body, FailedBatch)?.DDBStreamBatchInfo : toPosition(ofFunction);
};

const numberOf = ({ dynamodb }: StreamRecord): bigint => BigInt(dynamodb?.SequenceNumber ?? 0);

const readPages = async (
  reader: StreamReader,
  position: BatchPosition,
): Promise<readonly StreamRecord[] | undefined> => {
  const [start, end] = [BigInt(position.startSequenceNumber), BigInt(position.endSequenceNumber)];
  const records: StreamRecord[] = [];
  let iterator = await reader.iteratorOf(position.streamArn, position.shardId, { at: position.startSequenceNumber });
  for (let empty = 0; iterator !== undefined && empty < MAX_EMPTY_PAGES; ) {
    const page = await reader.read(iterator, position.batchSize);
    records.push(...page.records);
    if (page.records.some((record) => numberOf(record) >= end)) break;
    empty = page.records.length === 0 ? empty + 1 : 0;
    iterator = page.next;
  }
  const within = records.filter((record) => numberOf(record) <= end);
  const isWhole =
    within.some((record) => numberOf(record) === start) && within.some((record) => numberOf(record) === end);
  return isWhole ? within : undefined;
};

/** DynamoDB removes a shard with its last record, and a stream 24 hours after it was disabled. */
const isExpired = (fault: unknown): boolean =>
  fault instanceof TrimmedDataAccessException || fault instanceof ResourceNotFoundException;

const readShard = async (
  reader: StreamReader,
  position: BatchPosition,
): Promise<readonly StreamRecord[] | undefined> => {
  try {
    return await readPages(reader, position);
  } catch (fault) {
    if (isExpired(fault)) return undefined;
    throw fault;
  }
};

/** Whether the shard may have the record: shards that are open at the same time share their range of numbers. */
const mayHave = ({ first, last }: Shard, sequenceNumber: string): boolean =>
  BigInt(first ?? 0) <= BigInt(sequenceNumber) && (last === undefined || BigInt(sequenceNumber) <= BigInt(last));

const shardsOf = async (reader: StreamReader, position: StreamPosition): Promise<readonly string[]> => {
  if (position.shardId !== undefined) return [position.shardId];
  try {
    const shards = await reader.shardsOf(position.streamArn);
    return shards.filter((shard) => mayHave(shard, position.startSequenceNumber)).map(({ id }) => id);
  } catch (fault) {
    if (isExpired(fault)) return [];
    throw fault;
  }
};

/**
 * Reads the records from the first to the last of a position; `undefined` once the stream, which keeps records for
 * 24 hours, no longer has all of them. Records in between may have been in other batches of Lambda.
 */
export const readRecords = async (
  reader: StreamReader,
  position: StreamPosition,
): Promise<readonly StreamRecord[] | undefined> => {
  for (const shardId of await shardsOf(reader, position)) {
    const records = await readShard(reader, { ...position, shardId });
    if (records !== undefined) return records;
  }
  return undefined;
};
