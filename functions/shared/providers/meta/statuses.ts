import * as z from 'zod';
import type { ReportedStatus } from '../../domain/status.ts';
import type { WebhookItem } from '../provider.ts';
import { ignored, unreadable } from '../webhook-items.ts';
import { toProviderError } from './errors.ts';
import { identifyCustomer } from './identities.ts';
import { Status, WireError } from './schema.ts';
import type { Origin } from './to-domain.ts';

/** Calls and AWS's own events have other statuses. */
const MessageStatus: z.ZodType<ReportedStatus> = z.enum(['sent', 'delivered', 'read', 'played', 'failed']);

const errorOf = ([first]: readonly unknown[]) => {
  const { data } = WireError.safeParse(first);
  return data === undefined ? undefined : toProviderError(data);
};

const CallStatus = z.object({ type: z.literal('call') });

/** Whether one of `statuses` is about a call and not about a message. */
export const isCallStatus = (raw: unknown): boolean => CallStatus.safeParse(raw).success;

/** Reads one of `statuses`; those of group messages, one per participant, are ignored. */
export const toStatusItem = (raw: unknown, { channel, contacts }: Origin): WebhookItem => {
  const parsed = Status.safeParse(raw);
  if (!parsed.success) return unreadable('status', parsed.error);
  const { id, timestamp, recipient_type, biz_opaque_callback_data, errors, pricing } = parsed.data;
  const { recipient_id, recipient_user_id } = parsed.data;
  const status = MessageStatus.safeParse(parsed.data.status).data;
  if (status === undefined || recipient_type === 'group') return ignored('other_event');
  return {
    kind: 'status',
    report: {
      channel: channel.id,
      status,
      providerMessageId: id,
      reference: biz_opaque_callback_data,
      recipient: identifyCustomer({ from: recipient_id, from_user_id: recipient_user_id }, contacts)?.identities,
      atMs: timestamp * 1000,
      error: status === 'failed' ? errorOf(errors) : undefined,
      pricing,
    },
  };
};
