import { createHmac, randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Channel, LocalConfig } from '../../../../functions/shared/domain/config.ts';
import { type CustomerKey, isPhone } from '../../../../functions/shared/domain/customer.ts';
import type { TakenMessage } from '../accepted-messages.ts';
import type { InboundWebhook, Report, SignedWebhook } from '../webhook.ts';

export type MetaLogin = Extract<LocalConfig['accounts'][number], { provider: 'meta' }>;

/** An element of Meta's `messages[]`; what is missing of it is filled in. */
export const MetaMessage = z.looseObject({
  type: z.string().min(1),
  id: z.string().min(1).optional(),
  from: z.string().optional(),
  from_user_id: z.string().optional(),
  timestamp: z.string().optional(),
});
export type MetaMessage = z.infer<typeof MetaMessage>;

export const metaText = (body: string): MetaMessage => ({ type: 'text', text: { body } });

/** Meta signs and sends non-ASCII characters escaped, with lower-case hex digits, and `/` as `\/`. */
const toWire = (payload: object): Buffer =>
  Buffer.from(
    JSON.stringify(payload)
      .replaceAll('/', '\\/')
      .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );

const sign = (account: MetaLogin, payload: object): SignedWebhook => {
  const [secret = ''] = account.secrets.appSecrets;
  const body = toWire(payload);
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return {
    path: `/webhooks/meta/${account.id}`,
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
    body,
  };
};

const envelope = (
  account: MetaLogin,
  channel: Pick<Channel, 'phoneNumberId' | 'displayPhoneNumber'>,
  value: object,
) => ({
  object: 'whatsapp_business_account',
  entry: [
    {
      id: account.wabaId,
      changes: [
        {
          value: {
            messaging_product: 'whatsapp',
            metadata: {
              display_phone_number: channel.displayPhoneNumber?.replace(/\D/g, ''),
              phone_number_id: channel.phoneNumberId,
            },
            ...value,
          },
          field: 'messages',
        },
      ],
    },
  ],
});

const seconds = (at: Date): string => String(Math.floor(at.getTime() / 1000));

const sender = (customer: CustomerKey): Pick<MetaMessage, 'from' | 'from_user_id'> =>
  isPhone(customer) ? { from: customer.slice(1) } : { from_user_id: customer };

export interface MetaInbound {
  readonly account: MetaLogin;
  readonly channel: Channel;
  readonly customer: CustomerKey;
  readonly message: MetaMessage;
  readonly at: Date;
}

/** A customer's message in Meta's own format, signed. */
export const metaInbound = ({ account, channel, customer, message, at }: MetaInbound): InboundWebhook => {
  const id = message.id ?? `wamid.${randomBytes(30).toString('base64')}`;
  const named = message.from !== undefined || message.from_user_id !== undefined ? {} : sender(customer);
  const sent = { ...named, id, timestamp: seconds(at), ...message };
  const contact = { profile: { name: 'Local customer' }, wa_id: sent.from, user_id: sent.from_user_id };
  return {
    messageId: id,
    webhook: sign(account, envelope(account, channel, { contacts: [contact], messages: [sent] })),
  };
};

const errorsOf = ({ status, code, description }: Report) =>
  status === 'failed'
    ? {
        errors: [
          {
            code: Number(code ?? 131_026),
            title: description ?? 'Message undeliverable',
            message: description ?? 'Message undeliverable',
            error_data: { details: description ?? 'Message undeliverable.' },
          },
        ],
      }
    : {};

/** Meta tells the price when a message is sent and when it is delivered. */
const pricingOf = ({ status, pricing, price }: MetaReport['about']): object | undefined =>
  pricing ?? (status === 'sent' || status === 'delivered' ? price : undefined);

export interface MetaReport {
  readonly account: MetaLogin;
  readonly channel: Channel;
  readonly about: TakenMessage & Report;
  readonly at: Date;
}

/** A status of a message in Meta's own format, signed; what the sender gave the message to carry comes back. */
export const metaStatus = ({ account, channel, about, at }: MetaReport): SignedWebhook =>
  sign(
    account,
    envelope(account, channel, {
      statuses: [
        {
          id: about.providerMessageId,
          status: about.status,
          timestamp: seconds(at),
          ...(/^\+?\d/.test(about.customer)
            ? { recipient_id: about.customer.replace('+', '') }
            : { recipient_user_id: about.customer }),
          biz_opaque_callback_data: about.reference,
          pricing: pricingOf(about),
          ...errorsOf(about),
        },
      ],
    }),
  );
