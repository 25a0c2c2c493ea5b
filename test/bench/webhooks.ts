import { aChange, aContact, aMessage, aNotification, aStatus, aValue, toBytes, type Wire } from '../support/meta.ts';
import { NOON } from './noon.ts';

const phoneOf = (customer: number): string => String(491_511_000_000 + customer);

const userIdOf = (customer: number): string => `DE.${40_000_000 + customer}`;

/** A customer by number, as an API call names them. */
export const customerOf = (customer: number): string => `+${phoneOf(customer)}`;

export interface Sent {
  readonly customer: number;
  readonly id: string;
  /** Epoch seconds. */
  readonly at: number;
  readonly text?: string;
}

const INTERVAL = 60;
const PHASES = 5;

/** When a customer writes in a run: once a minute. */
export const secondOf = (customer: number, run: number): number => NOON + (run + (customer % PHASES)) * INTERVAL;

/** The value of a webhook with these texts, under both names of each customer as Meta sends them. */
export const textsOf = (sent: readonly Sent[]): Wire => ({
  contacts: sent.map(({ customer }) => aContact({ wa_id: phoneOf(customer), user_id: userIdOf(customer) })),
  messages: sent.map(({ customer, id, at, text = 'Guten Tag' }) =>
    aMessage({
      id,
      from: phoneOf(customer),
      from_user_id: userIdOf(customer),
      timestamp: String(at),
      text: { body: text },
    }),
  ),
});

/** The value of a webhook that reports a status of our message. */
export const statusOf = (message: { customer: number; id: string; reference: string; at: number }): Wire => ({
  statuses: [
    aStatus({
      id: message.id,
      status: 'delivered',
      timestamp: String(message.at),
      recipient_id: phoneOf(message.customer),
      biz_opaque_callback_data: message.reference,
    }),
  ],
});

/** The bytes of a webhook with this value. */
export const toWebhook = (value: Wire): Uint8Array => toBytes(aNotification(aChange(aValue(value))));
