import { createHmac } from 'node:crypto';
import { ulid } from 'ulid';
import * as z from 'zod';
import type { CustomerKey } from '../../../../functions/shared/domain/customer.ts';
import type { TakenMessage } from '../accepted-messages.ts';
import type { InboundWebhook, Report, SignedWebhook } from '../webhook.ts';
import type { SinchLogin } from './access-tokens.ts';

const filled = z.looseObject({}).refine((value) => Object.keys(value).length > 0, 'must not be empty');

/** Sinch's `message` object, or its `contact_message` alone; what is missing of it is filled in. */
export const SinchMessage = z
  .looseObject({ id: z.string().min(1).optional(), contact_message: filled.optional() })
  .refine((value) => Object.keys(value).length > 0, 'must not be empty');
export type SinchMessage = z.infer<typeof SinchMessage>;

export const sinchText = (text: string): SinchMessage => ({ contact_message: { text_message: { text } } });

const sign = (account: SinchLogin, payload: object, at: Date): SignedWebhook => {
  const [secret = ''] = account.secrets.webhookSecrets;
  const body = Buffer.from(JSON.stringify(payload));
  const nonce = ulid(at.getTime());
  const timestamp = String(Math.floor(at.getTime() / 1000));
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

const identity = (name: string) => ({ channel: 'WHATSAPP', identity: name.replace(/^\+/, ''), app_id: '' });

const envelope = ({ appId, projectId }: SinchLogin, at: Date) => ({
  app_id: appId,
  accepted_time: at.toISOString(),
  event_time: at.toISOString(),
  project_id: projectId,
});

export interface SinchInbound {
  readonly account: SinchLogin;
  readonly customer: CustomerKey;
  readonly message: SinchMessage;
  /** When the customer wrote. */
  readonly at: Date;
  /** When the webhook is posted. */
  readonly now: Date;
}

/** A customer's message in Sinch's own format, signed. */
export const sinchInbound = ({ account, customer, message, at, now }: SinchInbound): InboundWebhook => {
  const whole = message.contact_message === undefined ? { contact_message: message } : message;
  const id = message.id ?? ulid(at.getTime());
  const sent = {
    direction: 'TO_APP',
    channel_identity: identity(customer),
    conversation_id: '',
    contact_id: '',
    metadata: '',
    accept_time: at.toISOString(),
    processing_mode: 'DISPATCH',
    ...whole,
    id,
  };
  return { messageId: id, webhook: sign(account, { ...envelope(account, at), message: sent }, now) };
};

const DELIVERY_STATUS = {
  sent: 'QUEUED_ON_CHANNEL',
  delivered: 'DELIVERED',
  read: 'READ',
  failed: 'FAILED',
} as const;

/** The statuses that Sinch has a word for. */
export type SinchReport = Report & { readonly status: keyof typeof DELIVERY_STATUS };

export const isSinchReport = (report: Report): report is SinchReport => Object.hasOwn(DELIVERY_STATUS, report.status);

const reasonOf = ({ status, code, description }: Report) =>
  status === 'failed'
    ? {
        reason: {
          code: String(code ?? 'CHANNEL_FAILURE'),
          description: description ?? 'The underlying channel reported a failure',
          sub_code: 'UNSPECIFIED_SUB_CODE',
        },
      }
    : {};

/** WhatsApp's late word that the 24 hours were over. */
export const OUTSIDE_WINDOW: SinchReport = {
  status: 'failed',
  code: 'OUTSIDE_ALLOWED_SENDING_WINDOW',
  description:
    'The underlying channel reported: Message failed to send because more than 24 hours have passed since the customer last replied to this number',
};

/** A delivery report in Sinch's own format, signed; what the sender gave the message to carry comes back. */
export const sinchStatus = (account: SinchLogin, about: TakenMessage & SinchReport, at: Date): SignedWebhook =>
  sign(
    account,
    {
      ...envelope(account, at),
      message_delivery_report: {
        message_id: about.providerMessageId,
        conversation_id: '',
        status: DELIVERY_STATUS[about.status],
        channel_identity: identity(about.customer),
        contact_id: '',
        ...reasonOf(about),
        metadata: about.reference ?? '',
        processing_mode: 'DISPATCH',
      },
    },
    at,
  );
