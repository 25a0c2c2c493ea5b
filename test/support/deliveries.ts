import { createHmac } from 'node:crypto';
import { createEventDelivery } from '../../functions/event-delivery/event-delivery.ts';
import { Config } from '../../functions/shared/domain/config.ts';
import type { BusEvent, DeliveryMessage } from '../../functions/shared/domain/delivery.ts';
import type { EventType } from '../../functions/shared/domain/event-types.ts';
import type { SigningSecrets } from '../../functions/shared/domain/secrets.ts';
import type { QueueRecord } from '../../functions/shared/runtime/queue-batch.ts';
import type { Attempt } from '../../functions/shared/store/endpoint-outcomes.ts';
import { aLog } from './service.ts';

export const SIGNING_SECRET = `whsec_${btoa('the-secret-of-the-test-endpoints')}`;
export const OLDER_SECRET = `whsec_${btoa('the-secret-that-they-had-earlier')}`;

/** Signs by the specification of Standard Webhooks, without its library. */
export const signByHand = (secret: string, headers: Readonly<Record<string, unknown>>, body: string): string => {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
};

export const aDelivery = (changes: Partial<DeliveryMessage> = {}): DeliveryMessage => ({
  channel: 'support',
  url: 'https://crm.example.com/hooks',
  type: 'session.opened',
  detail: {
    id: 'evt_01234567890123456789012345',
    occurredAt: '2026-11-20T12:00:00.000Z',
    version: 1,
    channel: 'support',
    customer: '+4915112345678',
    data: { openedAt: '2026-11-20T12:00:00.000Z', note: 'Grüße 👋' },
  },
  ...changes,
});

let messages = 0;
/** A message in the form in which Lambda receives it from SQS. */
export const aQueueRecord = (delivery: DeliveryMessage | string, receives = 1): QueueRecord => {
  messages += 1;
  return {
    messageId: `message-${messages}`,
    receiptHandle: `receipt-${messages}`,
    body: typeof delivery === 'string' ? delivery : JSON.stringify(delivery),
    attributes: { ApproximateReceiveCount: String(receives) },
  };
};

/** A message as the rule on the bus puts it into the queue: EventBridge's whole envelope. */
export const aBusRecord = ({ source, type, detail }: BusEvent): QueueRecord =>
  aQueueRecord(
    JSON.stringify({
      version: '0',
      id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
      'detail-type': type,
      source,
      account: '111122223333',
      time: '2026-11-20T12:00:00Z',
      region: 'eu-central-1',
      resources: [],
      detail,
    }),
  );

/** The Lambda for endpoints of channel `support`, with a queue that records the visibility timeout of each message. */
export const aDeliverer = (
  urls: readonly string[],
  secretsOf: (url: string) => SigningSecrets | Promise<SigningSecrets> = () => [SIGNING_SECRET],
  events?: readonly EventType[],
) => {
  const log = aLog();
  const visibilityTimeouts: Record<string, number> = {};
  const queued: string[] = [];
  let queueFault: Error | undefined;
  let sendFault: Error | undefined;
  let storeFault: Error | undefined;
  let now = new Date();
  const outcomes: Attempt[] = [];
  const handler = createEventDelivery({
    config: Config.parse({
      accounts: [{ id: 'shop-meta', provider: 'meta', wabaId: '1' }],
      channels: [
        { id: 'support', account: 'shop-meta', phoneNumberId: '2', deliveries: urls.map((url) => ({ url, events })) },
      ],
    }),
    secretsOf: async (_, url) => secretsOf(url),
    queue: {
      changeVisibility: async (receiptHandle, seconds) => {
        if (queueFault !== undefined) throw queueFault;
        visibilityTimeouts[receiptHandle] = seconds;
      },
      send: async (bodies) => {
        if (sendFault !== undefined) throw sendFault;
        queued.push(...bodies);
      },
    },
    store: {
      recordOutcome: async (attempt) => {
        if (storeFault !== undefined) throw storeFault;
        outcomes.push(attempt);
      },
    },
    now: () => now,
    random: () => 0,
    log,
  });
  return {
    log,
    /** The outcomes that were to be kept. */
    outcomes,
    setNow: (at: Date) => {
      now = at;
    },
    failStore: (fault: Error | undefined) => {
      storeFault = fault;
    },
    visibilityTimeouts,
    /** The bodies that the Lambda put into the queue. */
    queued,
    failQueue: (fault: Error) => {
      queueFault = fault;
    },
    failSend: (fault: Error | undefined) => {
      sendFault = fault;
    },
    /** Returns the ids of the messages that stay in the queue. */
    deliver: async (...records: readonly QueueRecord[]) =>
      (await handler({ Records: records })).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
  };
};
