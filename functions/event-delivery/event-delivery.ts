import * as z from 'zod';
import type { Config } from '../shared/domain/config.ts';
import {
  BusMessage,
  DELIVERY_TEST,
  DeliveryMessage,
  retryDelaySeconds,
  toDeliveries,
} from '../shared/domain/delivery.ts';
import { readJson } from '../shared/domain/read-json.ts';
import type { BatchResponse } from '../shared/runtime/batch-response.ts';
import type { DeliveryQueue } from '../shared/runtime/delivery-queue.ts';
import type { Log } from '../shared/runtime/log.ts';
import type { LogFields } from '../shared/runtime/log-catalogue.ts';
import type { QueueBatch, QueueRecord } from '../shared/runtime/queue-batch.ts';
import type { EndpointOutcomeStore } from '../shared/store/endpoint-outcomes.ts';
import { callEndpoint, type DeliveryOutcome, type EndpointDeps } from './call-endpoint.ts';
import { createOutcomeRecorder, type RecordOutcome } from './record-outcome.ts';

export interface EventDeliveryOptions extends EndpointDeps {
  readonly config: Config;
  readonly queue: DeliveryQueue;
  readonly store: Pick<EndpointOutcomeStore, 'recordOutcome'>;
  /** Between 0 and 1, for jitter. */
  readonly random: () => number;
  readonly log: Log;
}

/** An event on its way to one endpoint, or as it comes from the bus. */
const QueueMessage = z.union([DeliveryMessage, BusMessage]);

/** When this attempt fails, the event is at least half an hour late. */
const OVERDUE_ATTEMPT = 4;

/** The position of the endpoint among those of its channel, from 1; 0 when it is no longer configured. */
const endpointOf = ({ channels }: Config, { channel, url }: DeliveryMessage): number => {
  const deliveries = channels.find(({ id }) => id === channel)?.deliveries ?? [];
  return deliveries.findIndex((delivery) => delivery.url === url) + 1;
};

type AttemptFields = LogFields['event-delivery.delivered'];
type Failure = Extract<DeliveryOutcome, { kind: 'failed' }>;

/** Logs and counts a failed attempt; returns the seconds until the next one, `undefined` after the last. */
const reportFailure = (
  { log, random }: EventDeliveryOptions,
  fields: AttemptFields,
  { code, retryAfterSeconds }: Failure,
): number | undefined => {
  const { attempt } = fields;
  const retryInSeconds = retryDelaySeconds({ attempt, retryAfterSeconds, random: random() });
  log.warn('event-delivery.failed', { ...fields, code, ...(retryInSeconds === undefined ? {} : { retryInSeconds }) });
  log.count('DeliveriesFailed');
  if (attempt >= OVERDUE_ATTEMPT) log.count('DeliveriesOverdue');
  return retryInSeconds;
};

/** Sets when SQS delivers the message again; when that call fails, the visibility timeout of the queue applies. */
const retryIn = async ({ queue, log }: EventDeliveryOptions, record: QueueRecord, seconds: number): Promise<void> => {
  try {
    await queue.changeVisibility(record.receiptHandle, seconds);
  } catch (fault) {
    log.error('event-delivery.not-postponed', { queueMessageId: record.messageId }, fault);
  }
};

interface Runtime extends EventDeliveryOptions {
  readonly recordOutcome: RecordOutcome;
}

const deliver = async (deps: Runtime, record: QueueRecord, message: DeliveryMessage): Promise<boolean> => {
  const { config, log } = deps;
  const ids = { channel: message.channel, eventId: message.detail.id };
  const endpoint = endpointOf(config, message);
  if (endpoint === 0) {
    log.warn('event-delivery.dropped', ids);
    log.count('DeliveriesDropped');
    return true;
  }
  const fields = { ...ids, endpoint, attempt: Number(record.attributes.ApproximateReceiveCount) };
  const outcome = await callEndpoint(deps, message);
  await deps.recordOutcome(message, outcome);
  if (outcome.kind === 'delivered') {
    log.info('event-delivery.delivered', fields);
    log.count('EventsDelivered');
    return true;
  }
  const retryInSeconds = reportFailure(deps, fields, outcome);
  // A failed test is not retried: its caller sends it again.
  if (message.type === DELIVERY_TEST) return true;
  // After the last attempt there is nothing to wait for: SQS moves the message to the dead-letter queue on its next receive.
  await retryIn(deps, record, retryInSeconds ?? 0);
  return false;
};

/**
 * Puts an event of the bus back into the queue as one message per endpoint. When that fails, the event is put again,
 * also for endpoints that have it already: those recognise the repeat by its id.
 */
const route = async (deps: EventDeliveryOptions, record: QueueRecord, message: BusMessage): Promise<boolean> => {
  const { config, queue, random, log } = deps;
  const deliveries = toDeliveries(config, message);
  try {
    if (deliveries.length > 0) await queue.send(deliveries.map((delivery) => JSON.stringify(delivery)));
    return true;
  } catch (fault) {
    const attempt = Number(record.attributes.ApproximateReceiveCount);
    log.error(
      'event-delivery.not-routed',
      { eventId: message.detail.id, endpoints: deliveries.length, attempt },
      fault,
    );
    log.count('DeliveriesFailed');
    if (attempt >= OVERDUE_ATTEMPT) log.count('DeliveriesOverdue');
    await retryIn(deps, record, retryDelaySeconds({ attempt, retryAfterSeconds: undefined, random: random() }) ?? 0);
    return false;
  }
};

/** Whether the message can be deleted from the queue. */
const processRecord = async (deps: Runtime, record: QueueRecord): Promise<boolean> => {
  const message = readJson(record.body, QueueMessage);
  if (message === undefined) {
    deps.log.warn('event-delivery.unreadable', { queueMessageId: record.messageId });
    deps.log.count('DeliveriesFailed');
    return false;
  }
  return 'url' in message ? deliver(deps, record, message) : route(deps, record, message);
};

/**
 * Routes each event of a batch to its endpoints, or delivers it to one of them, all in parallel. A failed one stays in the queue, invisible until its
 * next attempt, and moves to the dead-letter queue after the last one.
 */
export const createEventDelivery = (options: EventDeliveryOptions) => {
  const deps: Runtime = { ...options, recordOutcome: createOutcomeRecorder(options) };
  return async ({ Records: records }: QueueBatch): Promise<BatchResponse> => {
    deps.log.begin(records[0]?.messageId ?? 'empty');
    try {
      const done = await Promise.all(records.map((record) => processRecord(deps, record)));
      const failed = records.filter((_, index) => done[index] === false);
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    } finally {
      deps.log.end();
    }
  };
};
