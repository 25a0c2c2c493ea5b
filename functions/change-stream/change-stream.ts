import { setTimeout } from 'node:timers/promises';
import type { ServiceEvent } from '../shared/domain/events.ts';
import { isStoppedByProvider } from '../shared/domain/template.ts';
import type { EventBus } from '../shared/runtime/event-bus.ts';
import { createStoreRuntime, type StoreRuntime, type StoreRuntimeOptions } from '../shared/runtime/store-runtime.ts';
import { type Change, readChange, type StreamRecord } from '../shared/store/changes.ts';
import { createPublisher, type Publish } from './publisher.ts';
import { endedBy, endOf } from './session-events.ts';
import { toEntry } from './to-entry.ts';
import { toEvents } from './to-events.ts';
import { countUsage } from './usage.ts';

export interface ChangeStreamOptions extends StoreRuntimeOptions {
  readonly bus: EventBus;
  /** @default - the process's own timer */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

export interface StreamBatch {
  readonly Records: readonly StreamRecord[];
}

/** From the first of these on, Lambda hands the records over again. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

interface Deps extends StoreRuntime {
  readonly publish: Publish;
  /** Takes note of a change that was told. */
  readonly told: (change: Change) => void;
}

/** What a channel that is no longer configured was announced and kept by. */
const GONE = { closingLeadSeconds: 3_600, retentionDays: 30 };

/** Keeps what is left of a session that this change ended. */
const keepEnded = async ({ store, channel }: Deps, change: Change): Promise<void> => {
  const session = change.kind === 'session' ? endedBy(change) : undefined;
  if (change.kind !== 'session' || session === undefined) return;
  const { retentionDays } = channel(change.channel) ?? GONE;
  const { channel: of, customer } = change;
  const { endedAt, reason } = endOf(change, session);
  if (reason !== 'erased')
    await store.recordHistory({ channel: of, customer, session, retentionDays, endedAt, reason });
};

/** Counts what a person of the business must hear of. */
const countStopped = ({ log }: Deps, change: Change): void => {
  if (change.kind !== 'template' || change.before === undefined || change.after === undefined) return;
  if (isStoppedByProvider(change.before, change.after)) log.count('TemplatesPaused');
};

/** What other lines of the log know the same thing by; a customer's message has an id that holds the number (R16). */
const idsOf = ({ type, detail }: ServiceEvent): { messageId?: string; requestId?: string } => {
  if (type === 'message.status') return { messageId: detail.data.messageId };
  const { requestId } = type === 'message.received' ? detail.data : {};
  return requestId === undefined ? {} : { requestId };
};

const takeChange = async (deps: Deps, change: Change): Promise<void> => {
  const { closingLeadSeconds } = (change.kind === 'session' ? deps.channel(change.channel) : undefined) ?? GONE;
  for (const event of toEvents(change, closingLeadSeconds)) {
    const entry = toEntry(event);
    await deps.publish(entry);
    deps.log.info('change-stream.published', { eventId: entry.id, type: event.type, ...idsOf(event) });
    deps.log.count('EventsPublished');
  }
  await keepEnded(deps, change);
  countStopped(deps, change);
  deps.told(change);
};

const succeeds = async (deps: Deps, record: StreamRecord): Promise<boolean> => {
  try {
    const change = readChange(record);
    if (change !== undefined) await takeChange(deps, change);
    return true;
  } catch (fault) {
    const sequenceNumber = record.dynamodb?.SequenceNumber ?? 'none';
    deps.log.error('change-stream.record-failed', { sequenceNumber }, fault);
    return false;
  }
};

type Indexed = readonly [index: number, record: StreamRecord];

/** The records of one partition in order, up to the first that fails; answers its place in the batch. */
const takeInOrder = async (deps: Deps, records: readonly Indexed[]): Promise<number | undefined> => {
  for (const [index, record] of records) if (!(await succeeds(deps, record))) return index;
  return undefined;
};

const partitionOf = ({ dynamodb }: StreamRecord): string => JSON.stringify(dynamodb?.Keys?.['pk']);

/** Usage is counted for the whole batch at once, after its events are out: what it costs is a few requests per batch. */
const countAll = async (runtime: StoreRuntime, changes: readonly Change[]): Promise<void> => {
  try {
    await countUsage(runtime, changes);
  } catch (fault) {
    runtime.log.error('change-stream.usage-failed', { changes: changes.length }, fault);
    throw fault;
  }
};

const take = async (
  runtime: StoreRuntime & Pick<Deps, 'publish'>,
  records: readonly StreamRecord[],
): Promise<BatchAnswer> => {
  const changes: Change[] = [];
  const deps: Deps = { ...runtime, told: (change) => void changes.push(change) };
  const partitions = Map.groupBy(records.entries(), ([, record]) => partitionOf(record));
  const failed = (await Promise.all(Array.from(partitions.values(), (some) => takeInOrder(deps, some)))).filter(
    (index) => index !== undefined,
  );
  await countAll(runtime, changes);
  if (failed.length === 0) return { batchItemFailures: [] };
  const first = Math.min(...failed);
  const itemIdentifier = records[first]?.dynamodb?.SequenceNumber;
  // Lambda halves a batch that fails as a whole, and only then: so a record that always fails ends alone in the queue.
  if (itemIdentifier === undefined || (first === 0 && records.length > 1))
    throw new Error('the first record of the batch failed');
  return { batchItemFailures: [{ itemIdentifier }] };
};

/**
 * Tells others what has changed in the table: at least once, in order within a partition, under ids that stay the same.
 * Partitions go side by side, so that a record which fails holds up nobody but its own customer.
 */
export const createChangeStream = ({ bus, pause = setTimeout<void>, ...options }: ChangeStreamOptions) => {
  const { log } = options;
  const onRejected = () => log.count('EventsRejected');
  const publish = createPublisher({ bus, pause, random: Math.random, onRejected });
  const runtime = { ...createStoreRuntime(options), publish };
  return async ({ Records: records }: StreamBatch): Promise<BatchAnswer> => {
    log.begin(records[0]?.dynamodb?.SequenceNumber ?? 'empty');
    try {
      return await take(runtime, records);
    } finally {
      log.end();
    }
  };
};
