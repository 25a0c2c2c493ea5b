import { createHmac } from 'node:crypto';
import { ulid } from 'ulid';
import * as z from 'zod';
import { invalidRequest, parseWith } from '../../../../functions/shared/http/request.ts';
import type { AccountOf, Vendor } from '../vendor.ts';
import type { StatusReport } from '../webhook.ts';
import { shown, shownReaction } from './shown.ts';

const notEmpty = (value: object): boolean => Object.keys(value).length > 0;
const ContactMessage = z.looseObject({}).refine(notEmpty, 'must not be empty');

/** Sinch's `message` object, or its `contact_message` alone; absent fields are filled in. */
const Message = z
  .looseObject({ id: z.string().min(1).optional(), contact_message: ContactMessage.optional() })
  .refine(notEmpty, 'must not be empty');
type Message = z.infer<typeof Message>;
const Request = z.object({ message: Message });

const textMessage = (text = ''): Message => ({ contact_message: { text_message: { text } } });

export const sign: Vendor<'sinch'>['sign'] = ({ account, now }, body) => {
  const [secret = ''] = account.secrets.webhookSecrets;
  const nonce = ulid(now.getTime());
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signature = createHmac('sha256', secret).update(body).update(`.${nonce}.${timestamp}`).digest('base64');
  return {
    path: `/webhooks/sinch/${account.id}`,
    headers: {
      'content-type': 'application/json',
      'x-sinch-webhook-signature': signature,
      'x-sinch-webhook-signature-timestamp': timestamp,
      'x-sinch-webhook-signature-nonce': nonce,
      'x-sinch-webhook-signature-algorithm': 'HmacSHA256',
    },
    body,
  };
};

const toWire = (payload: object): Buffer => Buffer.from(JSON.stringify(payload));

const identity = (name: string) => ({ channel: 'WHATSAPP', identity: name.replace(/^\+/, ''), app_id: '' });

const envelope = ({ appId, projectId }: AccountOf<'sinch'>, at: Date) => ({
  app_id: appId,
  accepted_time: at.toISOString(),
  event_time: at.toISOString(),
  project_id: projectId,
});

/** A message of the customer, or an event in its place. */
const sentOf = (given: Message, replyTo: string | undefined) => {
  const event = given['contact_message_event'];
  if (event !== undefined) return { key: 'event', given, shown: shownReaction(event) };
  const whole = given.contact_message === undefined ? { contact_message: given } : given;
  const quoted = replyTo === undefined ? {} : { reply_to: { message_id: replyTo } };
  const message = { ...whole, contact_message: { ...whole.contact_message, ...quoted } };
  return { key: 'message', given: message, shown: shown(message.contact_message) };
};

export const inboundWebhook: Vendor<'sinch'>['inboundWebhook'] = (source, request) => {
  const { from, userId, text, message, replyTo, at: writtenAt } = request;
  const name = from ?? userId ?? '';
  const parsed = parseWith(Request, { message: message ?? textMessage(text) });
  if (!parsed.ok) return parsed;
  const at = writtenAt === undefined ? source.now : new Date(writtenAt);
  const id = parsed.value.message.id ?? request.id ?? ulid(at.getTime());
  const { key, given, shown } = sentOf(parsed.value.message, replyTo);
  const sent = {
    direction: 'TO_APP',
    channel_identity: identity(name),
    conversation_id: '',
    contact_id: '',
    metadata: '',
    accept_time: at.toISOString(),
    processing_mode: 'DISPATCH',
    ...given,
    id,
  };
  const webhook = sign(source, toWire({ ...envelope(source.account, at), [key]: sent }));
  return { ok: true, value: { messageId: id, shown, webhook } };
};

const DELIVERY_STATUS: Readonly<Partial<Record<StatusReport['status'], string>>> = {
  sent: 'QUEUED_ON_CHANNEL',
  delivered: 'DELIVERED',
  read: 'READ',
  failed: 'FAILED',
};

const reasonOf = ({ status, code, description }: StatusReport) =>
  status === 'failed'
    ? {
        reason: {
          code: String(code ?? 'CHANNEL_FAILURE'),
          description: description ?? 'The underlying channel reported a failure',
          sub_code: 'UNSPECIFIED_SUB_CODE',
        },
      }
    : {};

/** The delivery report of a free-form message after WhatsApp's 24 hours. */
export const OUTSIDE_WINDOW: StatusReport = {
  status: 'failed',
  code: 'OUTSIDE_ALLOWED_SENDING_WINDOW',
  description:
    'The underlying channel reported: Message failed to send because more than 24 hours have passed since the customer last replied to this number',
};

export const statusWebhook: Vendor<'sinch'>['statusWebhook'] = (source, message, report) => {
  const status = DELIVERY_STATUS[report.status];
  if (report.pricing !== undefined)
    return invalidRequest([{ path: 'pricing', message: 'Sinch reports no price, leave it out' }]);
  if (status === undefined) return invalidRequest([{ path: 'status', message: 'Sinch reports no such status' }]);
  const deliveryReport = {
    message_id: message.providerMessageId,
    conversation_id: '',
    status,
    channel_identity: identity(message.customer),
    contact_id: '',
    ...reasonOf(report),
    metadata: message.reference ?? '',
    processing_mode: 'DISPATCH',
  };
  const payload = { ...envelope(source.account, source.now), message_delivery_report: deliveryReport };
  return { ok: true, value: sign(source, toWire(payload)) };
};
