import { ResourceNotFoundException, TrimmedDataAccessException } from '@aws-sdk/client-dynamodb-streams';
import * as z from 'zod';
import { readJson } from '../../functions/shared/domain/read-json.ts';
import type { StreamRecord } from '../../functions/shared/store/changes.ts';
import type { StreamReader } from './stream-reader.ts';

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
export type StreamPosition = z.infer<typeof FailedBatch>['DDBStreamBatchInfo'];

/** The position that a dead letter names; `undefined` where its body is of another shape. */
export const parseStreamPosition = (body: string): StreamPosition | undefined =>
  readJson(body, FailedBatch)?.DDBStreamBatchInfo;

const numberOf = ({ dynamodb }: StreamRecord): bigint => BigInt(dynamodb?.SequenceNumber ?? 0);

const readPages = async (
  reader: StreamReader,
  position: StreamPosition,
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

/**
 * Reads the records from the first to the last of a position; `undefined` once the stream, which keeps records for
 * 24 hours, no longer has all of them. Records in between may have been in other batches of Lambda.
 */
export const readRecords = async (
  reader: StreamReader,
  position: StreamPosition,
): Promise<readonly StreamRecord[] | undefined> => {
  try {
    return await readPages(reader, position);
  } catch (fault) {
    // DynamoDB removes a shard with its last record, and a stream 24 hours after it was disabled.
    if (fault instanceof TrimmedDataAccessException || fault instanceof ResourceNotFoundException) return undefined;
    throw fault;
  }
};
