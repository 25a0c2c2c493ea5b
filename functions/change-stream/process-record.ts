import { CHANNEL_DEFAULTS } from '../shared/domain/config.ts';
import type { ServiceEvent } from '../shared/domain/events.ts';
import { isStoppedByProvider } from '../shared/domain/template.ts';
import { endedSession, endOf } from '../shared/events/session-events.ts';
import { toEntry } from '../shared/events/to-entry.ts';
import { toEvents } from '../shared/events/to-events.ts';
import type { DeadLetters } from '../shared/runtime/dead-letters.ts';
import type { DeliveryQueue } from '../shared/runtime/delivery-queue.ts';
import type { BusEntry } from '../shared/runtime/event-bus.ts';
import { type Change, readChange, type StreamRecord } from '../shared/store/changes.ts';
import { isPermanent, reasonOf } from './faults.ts';
import { linkRecipient } from './link-recipient.ts';
import { mediaTasksOf } from './media-tasks.ts';
import type { Publish } from './publisher.ts';
import { toRecordLetter } from './record-letter.ts';
import type { StoreRuntime } from './store.ts';

export interface RecordRuntime extends StoreRuntime {
  readonly publish: Publish;
  /** @default - a record that can never be published fails */
  readonly deadLetters?: DeadLetters | undefined;
  /** @default - no file is copied or removed */
  readonly mediaQueue?: Pick<DeliveryQueue, 'send'> | undefined;
}

/** What became of a record: processed, with the change in it; sent to the dead-letter queue; failed for now. */
export type Processed =
  | { readonly kind: 'processed'; readonly change: Change | undefined }
  | { readonly kind: 'dead_lettered' | 'failed' };

interface Prepared {
  readonly change: Change | undefined;
  readonly entries: readonly { readonly event: ServiceEvent; readonly entry: BusEntry }[];
}

/** The ids by which other log lines name the same message; the id of a customer's message holds the number (R16). */
const logIdsOf = ({ type, detail }: ServiceEvent): { messageId?: string; requestId?: string } => {
  if (type === 'message.status') return { messageId: detail.data.messageId };
  const { requestId } = type === 'message.received' ? detail.data : {};
  return requestId === undefined ? {} : { requestId };
};

/** Depends on the record and the configuration alone: what it throws, it throws at each attempt. */
const prepare = ({ channel }: RecordRuntime, record: StreamRecord): Prepared => {
  const change = readChange(record);
  if (change === undefined) return { change, entries: [] };
  const configured = 'channel' in change ? channel(change.channel) : undefined;
  const { closingLeadSeconds } = configured ?? CHANNEL_DEFAULTS;
  return { change, entries: toEvents(change, closingLeadSeconds).map((event) => ({ event, entry: toEntry(event) })) };
};

const publishEntries = async ({ publish, log }: RecordRuntime, { entries }: Prepared): Promise<void> => {
  for (const { event, entry } of entries) {
    await publish(entry);
    log.info('change-stream.published', { eventId: entry.id, type: event.type, ...logIdsOf(event) });
    log.count('EventsPublished');
  }
};

/** Adds the session that a change ended to the session history; nothing is kept of an erased one (R16). */
const recordEndedSession = async ({ store, channel: configured }: RecordRuntime, change: Change): Promise<void> => {
  if (change.kind !== 'session' && change.kind !== 'merge') return;
  const session = endedSession(change);
  if (session === undefined) return;
  const { channel, customer } = change;
  const { retentionDays } = configured(channel) ?? CHANNEL_DEFAULTS;
  const end = endOf(change, session);
  if (end.reason !== 'erased') await store.recordHistory({ channel, customer, session, retentionDays, ...end });
};

/** Asks for the copy of a new file, and for the removal of one whose message was removed. */
const requestMediaTasks = async ({ mediaQueue, channel }: RecordRuntime, change: Change): Promise<void> => {
  if (change.kind !== 'message' || mediaQueue === undefined) return;
  const tasks = mediaTasksOf(change, channel(change.channel));
  if (tasks.length > 0) await mediaQueue.send(tasks.map((task) => JSON.stringify(task)));
};

/** Counts a template that the provider no longer lets us send; an alarm reads this metric. */
const countStoppedTemplate = ({ log }: RecordRuntime, change: Change): void => {
  if (change.kind !== 'template' || change.before === undefined || change.after === undefined) return;
  if (isStoppedByProvider(change.before, change.after)) log.count('TemplatesPaused');
};

const failed = ({ log }: RecordRuntime, record: StreamRecord, fault: unknown): Processed => {
  log.error('change-stream.record-failed', { sequenceNumber: record.dynamodb?.SequenceNumber ?? 'none' }, fault);
  return { kind: 'failed' };
};

/**
 * Sends a record that can never be processed to the dead-letter queue, so that the batch goes on: Lambda sends it there only
 * when it has grown too old, and would hold back the whole shard until then.
 */
export const giveUp = async (runtime: RecordRuntime, record: StreamRecord, fault: unknown): Promise<Processed> => {
  const { deadLetters, log } = runtime;
  if (deadLetters === undefined) return failed(runtime, record, fault);
  try {
    await deadLetters.send(toRecordLetter(record, reasonOf(fault)));
  } catch (unsent) {
    return failed(runtime, record, unsent);
  }
  const sequenceNumber = record.dynamodb?.SequenceNumber ?? 'none';
  log.error('change-stream.record-dead-lettered', { sequenceNumber, reason: reasonOf(fault) }, fault);
  log.count('RecordsDeadLettered');
  return { kind: 'dead_lettered' };
};

const processPrepared = async (runtime: RecordRuntime, prepared: Prepared): Promise<Processed> => {
  const { change } = prepared;
  await publishEntries(runtime, prepared);
  if (change === undefined) return { kind: 'processed', change };
  await recordEndedSession(runtime, change);
  await requestMediaTasks(runtime, change);
  await linkRecipient(runtime, change);
  countStoppedTemplate(runtime, change);
  return { kind: 'processed', change };
};

/** Publishes the events of a record. Never throws: a fault that passes is logged, one that does not is a dead letter. */
export const processRecord = async (runtime: RecordRuntime, record: StreamRecord): Promise<Processed> => {
  let prepared: Prepared;
  try {
    prepared = prepare(runtime, record);
  } catch (fault) {
    return giveUp(runtime, record, fault);
  }
  try {
    return await processPrepared(runtime, prepared);
  } catch (fault) {
    return isPermanent(fault) ? giveUp(runtime, record, fault) : failed(runtime, record, fault);
  }
};
