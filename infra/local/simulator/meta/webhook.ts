import { createHmac } from 'node:crypto';
import type { AcceptedMessage } from '../accepted-messages.ts';
import type { AccountOf, Vendor, WebhookSource } from '../vendor.ts';
import { waIdOf } from '../wa-id.ts';
import type { SignedWebhook, StatusReport } from '../webhook.ts';
import { customerValue, epochSeconds, numberOf } from './customer-value.ts';

type Source = WebhookSource<'meta'>;

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

const envelope = ({ account }: Source, { field, value }: { field: string; value: object }) => ({
  object: 'whatsapp_business_account',
  entry: [{ id: account.wabaId, changes: [{ value: { messaging_product: 'whatsapp', ...value }, field }] }],
});

export const inboundWebhook: Vendor<'meta'>['inboundWebhook'] = (source, request) => {
  const made = customerValue(source, request);
  if (!made.ok) return made;
  const { messageId, field, value } = made.value;
  return { ok: true, value: { messageId, webhook: sign(source.account, envelope(source, { field, value })) } };
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
      ? { recipient_id: waIdOf(message.customer) }
      : { recipient_user_id: message.customer }),
    biz_opaque_callback_data: message.reference,
    pricing: pricingOf(message, report),
    ...errorsOf(report),
  };
  const value = { metadata: numberOf(source), statuses: [status] };
  return { ok: true, value: sign(source.account, envelope(source, { field: 'messages', value })) };
};
