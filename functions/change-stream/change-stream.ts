import { setTimeout } from 'node:timers/promises';
import type { BatchResponse } from '../shared/runtime/batch-response.ts';
import { type CoreRuntimeOptions, createCoreRuntime } from '../shared/runtime/core-runtime.ts';
import type { DeadLetters } from '../shared/runtime/dead-letters.ts';
import type { DeliveryQueue } from '../shared/runtime/delivery-queue.ts';
import type { EventBus } from '../shared/runtime/event-bus.ts';
import type { Change, StreamRecord } from '../shared/store/changes.ts';
import { countUsage } from './count-usage.ts';
import { isPermanent } from './faults.ts';
import { giveUp, processRecord, type RecordRuntime } from './process-record.ts';
import { createPublisher } from './publisher.ts';
import { removeErased } from './remove-erased.ts';
import { reportBeats } from './report-beats.ts';
import { createStore } from './store.ts';

export interface ChangeStreamOptions extends CoreRuntimeOptions {
  readonly bus: EventBus;
  /**
   * Receives the records that can never be published.
   *
   * @default - such a record fails at each attempt
   */
  readonly deadLetters?: DeadLetters;
  /**
   * Receives the copies and removals of files.
   *
   * @default - none is copied or removed
   */
  readonly mediaQueue?: Pick<DeliveryQueue, 'send'>;
  /** @default - a timer */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

export interface StreamBatch {
  readonly Records: readonly StreamRecord[];
}

type IndexedRecord = readonly [index: number, record: StreamRecord];

/** The records of a batch whose changes are published, and the indexes of those that failed. */
interface Progress {
  readonly processed: Map<Change, IndexedRecord>;
  readonly failed: Set<number>;
}

const itemOf = ({ dynamodb }: StreamRecord): string => JSON.stringify([dynamodb?.Keys?.['pk'], dynamodb?.Keys?.['sk']]);

/** Processes the records of one item in order, and stops at the first that fails. */
const processItem = async (
  runtime: RecordRuntime,
  records: readonly IndexedRecord[],
  { processed, failed }: Progress,
): Promise<void> => {
  for (const [index, record] of records) {
    const outcome = await processRecord(runtime, record);
    if (outcome.kind === 'failed') return void failed.add(index);
    if (outcome.kind === 'processed' && outcome.change !== undefined) processed.set(outcome.change, [index, record]);
  }
};

/**
 * Counts usage once for the whole batch, after its events are published: a few requests per batch instead of per record.
 * What cannot be counted fails alone.
 */
const countBatch = async (runtime: RecordRuntime, { processed, failed }: Progress): Promise<void> => {
  for (const { change, fault } of await countUsage(runtime, [...processed.keys()])) {
    const [index, record] = processed.get(change) ?? [];
    if (index === undefined || record === undefined) continue;
    const isGivenUp = isPermanent(fault) && (await giveUp(runtime, record, fault)).kind === 'dead_lettered';
    if (!isGivenUp) failed.add(index);
  }
};

/** Lambda delivers the batch again from the first failed record on. */
const toBatchResponse = (records: readonly StreamRecord[], failed: ReadonlySet<number>): BatchResponse => {
  if (failed.size === 0) return { batchItemFailures: [] };
  const first = Math.min(...failed);
  const itemIdentifier = records[first]?.dynamodb?.SequenceNumber;
  // Lambda bisects only a batch that fails as a whole; so a record that keeps failing is soon retried alone.
  if (itemIdentifier === undefined || (first === 0 && records.length > 1))
    throw new Error('the first record of the batch failed');
  return { batchItemFailures: [{ itemIdentifier }] };
};

const processBatch = async (runtime: RecordRuntime, records: readonly StreamRecord[]): Promise<BatchResponse> => {
  const progress: Progress = { processed: new Map(), failed: new Set() };
  const items = Map.groupBy(records.entries(), ([, record]) => itemOf(record));
  await Promise.all(Array.from(items.values(), (some) => processItem(runtime, some, progress)));
  await removeErased(runtime, [...progress.processed.keys()]);
  await countBatch(runtime, progress);
  return toBatchResponse(records, progress.failed);
};

/**
 * Publishes the changes of the table as events: at least once, in order for each item, with the same id at each repeat.
 * Items are processed side by side, so that a failing record delays its own item alone.
 */
export const createChangeStream = (streamOptions: ChangeStreamOptions) => {
  const { bus, deadLetters, mediaQueue, pause = setTimeout<void>, ...options } = streamOptions;
  const { log } = options;
  const onRejected = () => log.count('EventsRejected');
  const publish = createPublisher({ bus, pause, random: Math.random, onRejected });
  const runtime = { ...createCoreRuntime(options, createStore), publish, deadLetters, mediaQueue };
  return async ({ Records: records }: StreamBatch): Promise<BatchResponse> => {
    log.begin(records[0]?.dynamodb?.SequenceNumber ?? 'empty');
    try {
      const response = await processBatch(runtime, records);
      reportBeats(log, records);
      return response;
    } finally {
      log.end();
    }
  };
};
