import { metaSecrets, signMeta } from '../support/meta.ts';
import { anInbound, bytesOf, SINCH_SECRETS, sinchHeaders } from '../support/sinch.ts';
import { type Act, type Measured, measure } from './measure.ts';
import { SENDS_AT } from './noon.ts';
import { customerOf, type Sent, secondOf, textsOf, toWebhook } from './webhooks.ts';

/** One webhook as it arrives at a server. */
export interface Delivery {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Answers a webhook with its status. */
export type Receive = (delivery: Delivery) => Promise<number>;

export const SECRETS = { meta: metaSecrets.appSecrets[0] ?? '', sinch: SINCH_SECRETS.webhookSecrets[0] ?? '' };

export type Vendor = keyof typeof SECRETS;

const metaWebhook = (sent: readonly Sent[], secret: string): Delivery => {
  const body = toWebhook(textsOf(sent));
  return { body: Buffer.from(body).toString('utf8'), headers: { 'x-hub-signature-256': signMeta(body, secret) } };
};

/** A callback of Sinch has one message. */
const sinchWebhook = ([sent]: readonly Sent[], secret: string): Delivery => {
  if (sent === undefined) throw new Error('a callback has a message');
  const time = new Date(sent.at * 1_000).toISOString();
  const identity = { channel: 'WHATSAPP', identity: customerOf(sent.customer).slice(1), app_id: '' };
  const message = { id: sent.id, channel_identity: identity, accept_time: time };
  const body = bytesOf(anInbound({ text_message: { text: sent.text ?? 'Guten Tag' } }, message, { event_time: time }));
  const headers = sinchHeaders(body, secret, { nonce: sent.id, timestamp: String(SENDS_AT - 5) });
  return { body: Buffer.from(body).toString('utf8'), headers };
};

export const deliveryOf = (vendor: Vendor, sent: readonly Sent[], secret = SECRETS[vendor]): Delivery =>
  vendor === 'meta' ? metaWebhook(sent, secret) : sinchWebhook(sent, secret);

/** What the parent process asks of a contestant. */
export type Asked = { readonly run: number } | { readonly deliver: Delivery };

export interface Ran extends Measured {
  readonly residentBytes: number;
}

const SIZE = 1_000;

/** Answers the parent: a run delivers one text of each of a thousand known customers. */
export const serveContest = (vendor: Vendor, receive: Receive, store?: (sent: Sent) => Act): void => {
  const deliver = (sent: Sent): Act => {
    const delivery = deliveryOf(vendor, [sent]);
    return async () => {
      const status = await receive(delivery);
      if (status !== 200) throw new Error(`answered ${status}`);
    };
  };
  process.on('message', (asked: Asked) => {
    const answer = async () => {
      if ('deliver' in asked) return receive(asked.deliver);
      const { run } = asked;
      const sent = Array.from({ length: SIZE }, (_, customer) => ({
        customer,
        id: `m.${customer}.${run}`,
        at: secondOf(customer, run),
      }));
      const measured = await measure(sent.map(store ?? deliver));
      return { ...measured, residentBytes: process.memoryUsage.rss() };
    };
    answer().then(
      (result) => process.send?.(result),
      (fault: unknown) => {
        console.error(fault);
        process.exit(1);
      },
    );
  });
  process.send?.('ready');
};
