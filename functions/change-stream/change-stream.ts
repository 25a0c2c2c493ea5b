import { setTimeout } from 'node:timers/promises';
import { CHANNEL_DEFAULTS } from '../shared/domain/config.ts';
import type { ServiceEvent } from '../shared/domain/events.ts';
import { isStoppedByProvider } from '../shared/domain/template.ts';
import type { BatchResponse } from '../shared/runtime/batch-response.ts';
import { type CoreRuntimeOptions, createCoreRuntime } from '../shared/runtime/core-runtime.ts';
import type { EventBus } from '../shared/runtime/event-bus.ts';
import { type Change, readChange, type StreamRecord } from '../shared/store/changes.ts';
import { countUsage } from './count-usage.ts';
import { createPublisher, type Publish } from './publisher.ts';
import { reportBeats } from './report-beats.ts';
import { endedSession, endOf } from './session-events.ts';
import { createStore, type StoreRuntime } from './store.ts';
import { toEntry } from './to-entry.ts';
import { toEvents } from './to-events.ts';

export interface ChangeStreamOptions extends CoreRuntimeOptions {
  readonly bus: EventBus;
  /** @default - a timer */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

export interface StreamBatch {
  readonly Records: readonly StreamRecord[];
}

interface Deps extends StoreRuntime {
  readonly publish: Publish;
  /** Called with each change whose events are published. */
  readonly onProcessed: (change: Change) => void;
}

/** The ids by which other log lines name the same message; the id of a customer's message holds the number (R16). */
const logIdsOf = ({ type, detail }: ServiceEvent): { messageId?: string; requestId?: string } => {
  if (type === 'message.status') return { messageId: detail.data.messageId };
  const { requestId } = type === 'message.received' ? detail.data : {};
  return requestId === undefined ? {} : { requestId };
};

const publishEvents = async ({ channel, publish, log }: Deps, change: Change): Promise<void> => {
  const configured = change.kind === 'session' ? channel(change.channel) : undefined;
  const { closingLeadSeconds } = configured ?? CHANNEL_DEFAULTS;
  for (const event of toEvents(change, closingLeadSeconds)) {
    const entry = toEntry(event);
    await publish(entry);
    log.info('change-stream.published', { eventId: entry.id, type: event.type, ...logIdsOf(event) });
    log.count('EventsPublished');
  }
};

/** Adds the session that a change ended to the session history; nothing is kept of an erased one (R16). */
const recordEndedSession = async ({ store, channel: configured }: Deps, change: Change): Promise<void> => {
  const session = change.kind === 'session' ? endedSession(change) : undefined;
  if (change.kind !== 'session' || session === undefined) return;
  const { channel, customer } = change;
  const { retentionDays } = configured(channel) ?? CHANNEL_DEFAULTS;
  const { endedAt, reason } = endOf(change, session);
  if (reason !== 'erased') await store.recordHistory({ channel, customer, session, retentionDays, endedAt, reason });
};

/** Counts a template that the provider no longer lets us send; an alarm reads this metric. */
const countStoppedTemplate = ({ log }: Deps, change: Change): void => {
  if (change.kind !== 'template' || change.before === undefined || change.after === undefined) return;
  if (isStoppedByProvider(change.before, change.after)) log.count('TemplatesPaused');
};

const processChange = async (deps: Deps, change: Change): Promise<void> => {
  await publishEvents(deps, change);
  await recordEndedSession(deps, change);
  countStoppedTemplate(deps, change);
  deps.onProcessed(change);
};

/** Whether the record is processed; a failure is logged. */
const processRecord = async (deps: Deps, record: StreamRecord): Promise<boolean> => {
  try {
    const change = readChange(record);
    if (change !== undefined) await processChange(deps, change);
    return true;
  } catch (fault) {
    const sequenceNumber = record.dynamodb?.SequenceNumber ?? 'none';
    deps.log.error('change-stream.record-failed', { sequenceNumber }, fault);
    return false;
  }
};

const partitionOf = ({ dynamodb }: StreamRecord): string => JSON.stringify(dynamodb?.Keys?.['pk']);

type IndexedRecord = readonly [index: number, record: StreamRecord];

/** Processes the records of one partition in order; returns the index in the batch of the first that fails, and stops there. */
const processPartition = async (deps: Deps, records: readonly IndexedRecord[]): Promise<number | undefined> => {
  for (const [index, record] of records) if (!(await processRecord(deps, record))) return index;
  return undefined;
};

/** Counts usage once for the whole batch, after its events are published: a few requests per batch instead of per record. */
const countBatchUsage = async (runtime: StoreRuntime, changes: readonly Change[]): Promise<void> => {
  try {
    await countUsage(runtime, changes);
  } catch (fault) {
    runtime.log.error('change-stream.usage-failed', { changes: changes.length }, fault);
    throw fault;
  }
};

/** Lambda delivers the batch again from the first failed record on. */
const toBatchResponse = (records: readonly StreamRecord[], failedIndexes: readonly number[]): BatchResponse => {
  if (failedIndexes.length === 0) return { batchItemFailures: [] };
  const first = Math.min(...failedIndexes);
  const itemIdentifier = records[first]?.dynamodb?.SequenceNumber;
  // Lambda bisects only a batch that fails as a whole; so a record that always fails reaches the dead-letter queue alone.
  if (itemIdentifier === undefined || (first === 0 && records.length > 1))
    throw new Error('the first record of the batch failed');
  return { batchItemFailures: [{ itemIdentifier }] };
};

const processBatch = async (
  runtime: StoreRuntime & Pick<Deps, 'publish'>,
  records: readonly StreamRecord[],
): Promise<BatchResponse> => {
  const changes: Change[] = [];
  const deps: Deps = { ...runtime, onProcessed: (change) => void changes.push(change) };
  const partitions = Map.groupBy(records.entries(), ([, record]) => partitionOf(record));
  const failures = await Promise.all(Array.from(partitions.values(), (partition) => processPartition(deps, partition)));
  await countBatchUsage(runtime, changes);
  return toBatchResponse(
    records,
    failures.filter((index) => index !== undefined),
  );
};

/**
 * Publishes the changes of the table as events: at least once, in order within a partition, with the same id at each repeat.
 * Partitions are processed in parallel, so that a failing record delays its own customer alone.
 */
export const createChangeStream = ({ bus, pause = setTimeout<void>, ...options }: ChangeStreamOptions) => {
  const { log } = options;
  const onRejected = () => log.count('EventsRejected');
  const publish = createPublisher({ bus, pause, random: Math.random, onRejected });
  const runtime = { ...createCoreRuntime(options, createStore), publish };
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
