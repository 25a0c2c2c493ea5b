import * as z from 'zod';
import type { Channel } from '../../domain/config.ts';
import type { ReportedStatus } from '../../domain/status.ts';
import type { WebhookItem } from '../provider.ts';
import { ignored, malformed } from '../webhook-items.ts';
import { toReasonError } from './errors.ts';
import { parseIdentity } from './identities.ts';
import { DeliveryReport, type Envelope, firstTime, SinchId } from './schema.ts';

const STATUSES: Readonly<Record<string, ReportedStatus>> = {
  QUEUED_ON_CHANNEL: 'sent',
  DELIVERED: 'delivered',
  READ: 'read',
  FAILED: 'failed',
};

/** With a fallback channel, Sinch may report WhatsApp's window error while it switches the channel. */
const toStatus = ({ status, reason }: DeliveryReport): ReportedStatus | undefined => {
  if (status === 'SWITCHING_CHANNEL') return toReasonError(reason).class === 'window_closed' ? 'failed' : undefined;
  return typeof status === 'string' && Object.hasOwn(STATUSES, status) ? STATUSES[status] : undefined;
};

/** No reference of ours is longer. */
const Reference = z.string().min(1).max(512);

/** A report that names no channel counts by our own metadata, or by the message's id. */
const isOfOtherChannel = ({ channel_identity, channel }: DeliveryReport): boolean => {
  const named = channel_identity?.channel ?? (channel || 'WHATSAPP');
  return named !== 'WHATSAPP';
};

/** Reads MESSAGE_DELIVERY. */
export const toStatusItem = (envelope: Envelope, channel: Channel): WebhookItem => {
  const { data: report } = DeliveryReport.safeParse(envelope.message_delivery_report);
  if (report === undefined) return malformed('no delivery report');
  if (isOfOtherChannel(report)) return ignored('other_channel');
  const status = toStatus(report);
  if (status === undefined) return ignored('other_event');
  const providerMessageId = SinchId.safeParse(report.message_id).data;
  if (providerMessageId === undefined) return malformed('no message id');
  const atMs = firstTime([envelope.event_time, envelope.accepted_time]);
  if (atMs === undefined) return malformed('no time');
  const reference = Reference.safeParse(report.metadata).data;
  const error = status === 'failed' ? toReasonError(report.reason) : undefined;
  const { identity } = report.channel_identity ?? {};
  const recipient = identity === undefined ? undefined : parseIdentity(identity);
  const { id } = channel;
  return { kind: 'status', report: { channel: id, status, providerMessageId, reference, recipient, atMs, error } };
};
