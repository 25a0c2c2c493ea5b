import { createHmac, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { type CustomerKey, isPhone, userIdIn } from '../../../../functions/shared/domain/customer.ts';
import { parseWith } from '../../../../functions/shared/http/request.ts';
import type { AcceptedMessage } from '../accepted-messages.ts';
import type { AccountOf, Vendor, WebhookSource } from '../vendor.ts';
import type { SignedWebhook, StatusReport } from '../webhook.ts';

type Source = WebhookSource<'meta'>;

/** An element of Meta's `messages[]`; absent fields are filled in. */
const Message = z.looseObject({
  type: z.string().min(1),
  id: z.string().min(1).optional(),
  from: z.string().optional(),
  from_user_id: z.string().optional(),
  timestamp: z.string().optional(),
});
type Message = z.infer<typeof Message>;
const Request = z.object({ message: Message });

const textMessage = (body = ''): Message => ({ type: 'text', text: { body } });

/** Meta signs and sends non-ASCII characters escaped, with lower-case hex digits, and `/` as `\/`. */
const toWire = (payload: object): Buffer =>
  Buffer.from(
    JSON.stringify(payload)
      .replaceAll('/', '\\/')
      .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );

const sign = (account: AccountOf<'meta'>, payload: object): SignedWebhook => {
  const [secret = ''] = account.secrets.appSecrets;
  const body = toWire(payload);
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return {
    path: `/webhooks/meta/${account.id}`,
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
    body,
  };
};

const envelope = ({ account, channel }: Source, value: object) => ({
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

const epochSeconds = (at: Date): string => String(Math.floor(at.getTime() / 1000));

const senderOf = (customer: CustomerKey): Pick<Message, 'from' | 'from_user_id'> =>
  isPhone(customer) ? { from: customer.slice(1) } : { from_user_id: userIdIn(customer) };

export const inboundWebhook: Vendor<'meta'>['inboundWebhook'] = (source, { from: customer, text, message, at }) => {
  const parsed = parseWith(Request, { message: message ?? textMessage(text) });
  if (!parsed.ok) return parsed;
  const given = parsed.value.message;
  const id = given.id ?? `wamid.${randomBytes(30).toString('base64')}`;
  const sender = given.from === undefined && given.from_user_id === undefined ? senderOf(customer) : {};
  const timestamp = epochSeconds(at === undefined ? source.now : new Date(at));
  const sent = { ...sender, id, timestamp, ...given };
  const contact = { profile: { name: 'Local customer' }, wa_id: sent.from, user_id: sent.from_user_id };
  const webhook = sign(source.account, envelope(source, { contacts: [contact], messages: [sent] }));
  return { ok: true, value: { messageId: id, webhook } };
};

const errorsOf = ({ status, code, description }: StatusReport) =>
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

/** Meta reports the price when a message is sent and when it is delivered. */
const pricingOf = (message: AcceptedMessage, { status, pricing }: StatusReport): object | undefined =>
  pricing ?? (status === 'sent' || status === 'delivered' ? message.pricing : undefined);

export const statusWebhook: Vendor<'meta'>['statusWebhook'] = (source, message, report) => {
  const status = {
    id: message.providerMessageId,
    status: report.status,
    timestamp: epochSeconds(source.now),
    ...(/^\+?\d/.test(message.customer)
      ? { recipient_id: message.customer.replace('+', '') }
      : { recipient_user_id: message.customer }),
    biz_opaque_callback_data: message.reference,
    pricing: pricingOf(message, report),
    ...errorsOf(report),
  };
  return { ok: true, value: sign(source.account, envelope(source, { statuses: [status] })) };
};
