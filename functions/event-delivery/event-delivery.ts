import type { Config } from '../shared/domain/config.ts';
import { DeliveryMessage, retryDelaySeconds } from '../shared/domain/delivery.ts';
import { readJson } from '../shared/domain/read-json.ts';
import type { DeliveryQueue } from '../shared/runtime/delivery-queue.ts';
import type { Log } from '../shared/runtime/log.ts';
import type { LogFields } from '../shared/runtime/log-catalogue.ts';
import { type AttemptDeps, type Attempted, attempt } from './attempt.ts';

export interface EventDeliveryOptions extends AttemptDeps {
  readonly config: Config;
  readonly queue: DeliveryQueue;
  /** Between 0 and 1, for jitter. */
  readonly random: () => number;
  readonly log: Log;
}

/** A message as SQS hands it over. */
export interface QueueRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: { readonly ApproximateReceiveCount: string };
}

export interface QueueBatch {
  readonly Records: readonly QueueRecord[];
}

/** These stay in the queue. */
export interface QueueAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** From this attempt on the event is half an hour late. */
const OVERDUE_ATTEMPT = 4;

/** The number of the endpoint among those of its channel, from 1; 0 when it is no longer configured. */
const endpointOf = ({ channels }: Config, { channel, url }: DeliveryMessage): number => {
  const deliveries = channels.find(({ id }) => id === channel)?.deliveries ?? [];
  return deliveries.findIndex((delivery) => delivery.url === url) + 1;
};

/** Holds the message back; one that cannot be comes back when the queue itself thinks it lost. */
const postpone = async ({ queue, log }: EventDeliveryOptions, record: QueueRecord, seconds: number): Promise<void> => {
  try {
    await queue.postpone(record.receiptHandle, seconds);
  } catch (fault) {
    log.error('event-delivery.not-postponed', { queueMessageId: record.messageId }, fault);
  }
};

type Facts = LogFields['event-delivery.delivered'];
type Failed = Extract<Attempted, { kind: 'failed' }>;

/** Counts a failed attempt and says after how many seconds the next one follows, if any. */
const planNext = ({ log, random }: EventDeliveryOptions, facts: Facts, { code, retryAfterSeconds }: Failed) => {
  const { attempt: number } = facts;
  const retryInSeconds = retryDelaySeconds({ attempt: number, retryAfterSeconds, random: random() });
  log.warn('event-delivery.failed', { ...facts, code, ...(retryInSeconds === undefined ? {} : { retryInSeconds }) });
  log.count('DeliveriesFailed');
  if (number >= OVERDUE_ATTEMPT) log.count('DeliveriesOverdue');
  return retryInSeconds;
};

const deliver = async (deps: EventDeliveryOptions, record: QueueRecord, message: DeliveryMessage): Promise<boolean> => {
  const { config, log } = deps;
  const about = { channel: message.channel, eventId: message.detail.id };
  const endpoint = endpointOf(config, message);
  if (endpoint === 0) {
    log.warn('event-delivery.dropped', about);
    log.count('DeliveriesDropped');
    return true;
  }
  const facts = { ...about, endpoint, attempt: Number(record.attributes.ApproximateReceiveCount) };
  const attempted = await attempt(deps, message);
  if (attempted.kind === 'delivered') {
    log.info('event-delivery.delivered', facts);
    log.count('EventsDelivered');
    return true;
  }
  // After the last attempt nothing is waited for: seen once more by the queue, the message moves to the dead letters.
  await postpone(deps, record, planNext(deps, facts, attempted) ?? 0);
  return false;
};

/** Whether the message is done with. */
const take = async (deps: EventDeliveryOptions, record: QueueRecord): Promise<boolean> => {
  const message = readJson(record.body, DeliveryMessage);
  if (message !== undefined) return deliver(deps, record, message);
  deps.log.warn('event-delivery.unreadable', { queueMessageId: record.messageId });
  deps.log.count('DeliveriesFailed');
  return false;
};

/**
 * Sends each event of a batch to its endpoint, all at once. What fails stays in the queue, held back until its next
 * attempt, and ends in the dead letters after the last one.
 */
export const createEventDelivery =
  (deps: EventDeliveryOptions) =>
  async ({ Records: records }: QueueBatch): Promise<QueueAnswer> => {
    deps.log.begin(records[0]?.messageId ?? 'empty');
    try {
      const done = await Promise.all(records.map((record) => take(deps, record)));
      const failed = records.filter((_, index) => done[index] === false);
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    } finally {
      deps.log.end();
    }
  };
