import * as z from 'zod';
import type { Channel } from '../../domain/config.ts';
import { type Identities, parsePhone, parseUserId } from '../../domain/customer.ts';
import { opensSession } from '../../domain/opens-session.ts';
import type { ReportedStatus } from '../../domain/status.ts';
import type { IgnoredReason, WebhookItem } from '../provider.ts';
import { type ReadContent, readContent, readReaction, readReplyTo } from './content.ts';
import { toReasonError } from './errors.ts';
import { ContactEvent, DeliveryReport, type Envelope, Message, SinchId } from './schema.ts';

export const ignored = (reason: IgnoredReason): WebhookItem => ({ kind: 'ignored', reason });
export const malformed = (reason: string): WebhookItem => ({ kind: 'malformed', reason });

/** A time of 13 digits in epoch milliseconds (2001 to 2286): the zero time of an unset field is none. */
const Time = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .pipe(z.number().min(1e12).lt(1e13));

/** The first of several times that can be read, in epoch milliseconds. */
export const firstTime = (times: readonly unknown[]): number | undefined =>
  times.map((time) => Time.safeParse(time).data).find((time) => time !== undefined);

/** Inbound identities come without `+`, those of some receipts with it. */
export const toIdentities = (identity: string): Identities | undefined => {
  const phone = parsePhone(identity);
  if (phone !== undefined) return { phone };
  const userId = parseUserId(identity);
  return userId === undefined ? undefined : { userId };
};

/** Why what came from this side of the conversation is not a customer's word on WhatsApp (R4). */
const notACustomers = ({
  channel_identity,
  direction,
  injected,
}: Message | ContactEvent): IgnoredReason | undefined => {
  if (channel_identity.channel !== 'WHATSAPP') return 'other_channel';
  if (direction !== 'TO_APP') return 'not_from_customer';
  return injected === true ? 'injected' : undefined;
};

interface Inbound extends ReadContent {
  readonly from: Message | ContactEvent;
  readonly replyTo?: string | undefined;
}

const toInboundItem = (
  { from, kind, content, replyTo }: Inbound,
  envelope: Envelope,
  channel: Channel,
): WebhookItem => {
  const id = SinchId.safeParse(from.id).data;
  if (id === undefined) return malformed('no message id');
  const identities = toIdentities(from.channel_identity.identity);
  if (identities === undefined) return malformed('no sender');
  const providerAtMs = firstTime([envelope.event_time, from.accept_time, envelope.accepted_time]);
  if (providerAtMs === undefined) return malformed('no time');
  const opens = opensSession('sinch', kind, channel.opensSession);
  return { kind: 'message', message: { channel: channel.id, identities, id, providerAtMs, opens, content, replyTo } };
};

/** Reads MESSAGE_INBOUND. */
export const toMessageItem = (envelope: Envelope, channel: Channel): WebhookItem => {
  const { data: from } = Message.safeParse(envelope.message);
  if (from === undefined) return malformed('no channel');
  const reason = notACustomers(from);
  if (reason !== undefined) return ignored(reason);
  const replyTo = readReplyTo(from.contact_message);
  return toInboundItem({ from, ...readContent(from.contact_message), replyTo }, envelope, channel);
};

/** Reads EVENT_INBOUND: a reaction is a message of the customer, typing and the like are not. */
export const toEventItem = (envelope: Envelope, channel: Channel): WebhookItem => {
  const { data: from } = ContactEvent.safeParse(envelope.event);
  if (from === undefined) return ignored('other_event');
  const reason = notACustomers(from);
  if (reason !== undefined) return ignored(reason);
  const reaction = from.contact_message_event?.reaction_event;
  if (reaction === undefined || reaction === null) return ignored('other_event');
  return toInboundItem({ from, ...readReaction(reaction) }, envelope, channel);
};

const STATUSES: Readonly<Record<string, ReportedStatus>> = {
  QUEUED_ON_CHANNEL: 'sent',
  DELIVERED: 'delivered',
  READ: 'read',
  FAILED: 'failed',
};

/** With a fallback channel the window error may come while Sinch switches; WhatsApp has refused it then too. */
const toStatus = ({ status, reason }: DeliveryReport): ReportedStatus | undefined => {
  if (status === 'SWITCHING_CHANNEL')
    return toReasonError(reason?.code).class === 'window_closed' ? 'failed' : undefined;
  return typeof status === 'string' && Object.hasOwn(STATUSES, status) ? STATUSES[status] : undefined;
};

/** Long enough for every reference of ours; a longer one is someone else's. */
const Reference = z.string().min(1).max(256);

/** Reads MESSAGE_DELIVERY. */
export const toStatusItem = (envelope: Envelope, channel: Channel): WebhookItem => {
  const { data: report } = DeliveryReport.safeParse(envelope.message_delivery_report);
  if (report === undefined) return malformed('no channel');
  if (report.channel_identity.channel !== 'WHATSAPP') return ignored('other_channel');
  const status = toStatus(report);
  if (status === undefined) return ignored('other_event');
  const providerMessageId = SinchId.safeParse(report.message_id).data;
  if (providerMessageId === undefined) return malformed('no message id');
  const atMs = firstTime([envelope.event_time, envelope.accepted_time]);
  if (atMs === undefined) return malformed('no time');
  const reference = Reference.safeParse(report.metadata).data;
  const error = status === 'failed' ? toReasonError(report.reason?.code) : undefined;
  return { kind: 'status', report: { channel: channel.id, status, providerMessageId, reference, atMs, error } };
};
