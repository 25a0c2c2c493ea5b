import { createHmac } from 'node:crypto';
import * as z from 'zod';
import type { Parsed } from '../../../../functions/shared/http/request.ts';
import type { AcceptedMessage } from '../accepted-messages.ts';
import type { ShownMessage } from '../shown-message.ts';
import type { Vendor, WebhookSource } from '../vendor.ts';
import { waIdOf } from '../wa-id.ts';
import type { StatusReport } from '../webhook.ts';
import type { WriteRequest } from '../write-request.ts';
import { customerValue, epochSeconds, type NumberSource, numberOf } from './customer-value.ts';

type Source = WebhookSource<'meta'>;

/** Meta signs and sends non-ASCII characters escaped, with lower-case hex digits, and `/` as `\/`. */
const toWire = (payload: object): Buffer =>
  Buffer.from(
    JSON.stringify(payload)
      .replaceAll('/', '\\/')
      .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );

export const sign: Vendor<'meta'>['sign'] = ({ account }, body) => {
  const [secret = ''] = account.secrets.appSecrets;
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return {
    path: `/webhooks/meta/${account.id}`,
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
    body,
  };
};

/** A number's webhooks name its business account. */
export type EntrySource = NumberSource & { readonly wabaId: string };

const entryOf = ({ wabaId }: EntrySource, { field, value }: { field: string; value: object }): object => ({
  id: wabaId,
  changes: [{ value: { messaging_product: 'whatsapp', ...value }, field }],
});

const envelope = (...entry: readonly object[]) => ({ object: 'whatsapp_business_account', entry });

const Envelope = z.object({ entry: z.array(z.looseObject({})) });

/** Meta posts up to 1,000 updates at a time. */
export const merge = (bodies: readonly Buffer[]): Buffer =>
  toWire(envelope(...bodies.flatMap((body) => Envelope.parse(JSON.parse(body.toString('utf8'))).entry)));

const sourceOf = ({ account, ...source }: Source): EntrySource => ({ ...source, wabaId: account.wabaId });

/** One entry of a webhook, with what a customer did, the id of the message and what the customer sees of it. */
export const inboundEntry = (
  source: EntrySource,
  request: WriteRequest,
): Parsed<{ readonly messageId: string; readonly shown: ShownMessage; readonly entry: object }> => {
  const made = customerValue(source, request);
  if (!made.ok) return made;
  const { messageId, shown, field, value } = made.value;
  return { ok: true, value: { messageId, shown, entry: entryOf(source, { field, value }) } };
};

export const inboundWebhook: Vendor<'meta'>['inboundWebhook'] = (source, request) => {
  const made = inboundEntry(sourceOf(source), request);
  if (!made.ok) return made;
  const { messageId, shown, entry } = made.value;
  return { ok: true, value: { messageId, shown, webhook: sign(source, toWire(envelope(entry))) } };
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

/** One entry of a webhook, with the status of a message. */
export const statusEntry = (source: EntrySource, message: AcceptedMessage, report: StatusReport): object => {
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
  return entryOf(source, { field: 'messages', value });
};

export const statusWebhook: Vendor<'meta'>['statusWebhook'] = (source, message, report) => ({
  ok: true,
  value: sign(source, toWire(envelope(statusEntry(sourceOf(source), message, report)))),
});
