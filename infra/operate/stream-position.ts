import { ResourceNotFoundException, TrimmedDataAccessException } from '@aws-sdk/client-dynamodb-streams';
import * as z from 'zod';
import { readJson } from '../../functions/shared/domain/read-json.ts';
import type { StreamRecord } from '../../functions/shared/store/changes.ts';
import type { StreamReader } from './stream-reader.ts';

/** How many pages in a row may be empty before the records are held for gone. */
const MAX_EMPTY_PAGES = 10;

const SequenceNumber = z.string().regex(/^\d+$/);

/**
 * What Lambda leaves of a batch it gave up: no record, only their place in the stream.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
const GivenUp = z.object({
  DDBStreamBatchInfo: z.object({
    streamArn: z.string(),
    shardId: z.string(),
    startSequenceNumber: SequenceNumber,
    endSequenceNumber: SequenceNumber,
    batchSize: z.int().min(1).max(1_000),
  }),
});
export type StreamPosition = z.infer<typeof GivenUp>['DDBStreamBatchInfo'];

/** The place that a dead letter names, if it names one. */
export const parseStreamPosition = (body: string): StreamPosition | undefined =>
  readJson(body, GivenUp)?.DDBStreamBatchInfo;

const numberOf = ({ dynamodb }: StreamRecord): bigint => BigInt(dynamodb?.SequenceNumber ?? 0);

const readPages = async (reader: StreamReader, place: StreamPosition): Promise<readonly StreamRecord[] | undefined> => {
  const [start, end] = [BigInt(place.startSequenceNumber), BigInt(place.endSequenceNumber)];
  const records: StreamRecord[] = [];
  let iterator = await reader.iteratorOf(place.streamArn, place.shardId, { at: place.startSequenceNumber });
  for (let empty = 0; iterator !== undefined && empty < MAX_EMPTY_PAGES; ) {
    const page = await reader.read(iterator, place.batchSize);
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
 * Reads the records of a place; `undefined` when the stream, which keeps them for 24 hours, does not hold all of them any
 * more. Between the first and the last may lie records of other customers, which Lambda had in other batches.
 */
export const readRecords = async (
  reader: StreamReader,
  place: StreamPosition,
): Promise<readonly StreamRecord[] | undefined> => {
  try {
    return await readPages(reader, place);
  } catch (fault) {
    // A shard goes with its last record, a stream 24 hours after it was switched off.
    if (fault instanceof TrimmedDataAccessException || fault instanceof ResourceNotFoundException) return undefined;
    throw fault;
  }
};
