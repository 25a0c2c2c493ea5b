import { createHmac } from 'node:crypto';
import { createEventDelivery, type QueueRecord } from '../../functions/event-delivery/event-delivery.ts';
import { Config, type SigningSecrets } from '../../functions/shared/domain/config.ts';
import type { DeliveryMessage } from '../../functions/shared/domain/delivery.ts';
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

/** The Lambda for endpoints of channel `support`, with a queue that records the visibility timeout of each message. */
export const aDeliverer = (
  urls: readonly string[],
  secretsOf: (url: string) => SigningSecrets | Promise<SigningSecrets> = () => [SIGNING_SECRET],
) => {
  const log = aLog();
  const visibilityTimeouts: Record<string, number> = {};
  let queueFault: Error | undefined;
  const handler = createEventDelivery({
    config: Config.parse({
      accounts: [{ id: 'shop-meta', provider: 'meta', wabaId: '1' }],
      channels: [{ id: 'support', account: 'shop-meta', phoneNumberId: '2', deliveries: urls.map((url) => ({ url })) }],
    }),
    secretsOf: async (_, url) => secretsOf(url),
    queue: {
      changeVisibility: async (receiptHandle, seconds) => {
        if (queueFault !== undefined) throw queueFault;
        visibilityTimeouts[receiptHandle] = seconds;
      },
    },
    now: () => new Date(),
    random: () => 0,
    log,
  });
  return {
    log,
    visibilityTimeouts,
    failQueue: (fault: Error) => {
      queueFault = fault;
    },
    /** Returns the ids of the messages that stay in the queue. */
    deliver: async (...records: readonly QueueRecord[]) =>
      (await handler({ Records: records })).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
  };
};
