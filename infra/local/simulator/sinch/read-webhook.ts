import * as z from 'zod';
import type { Vendor } from '../vendor.ts';

const FromCustomer = z.object({
  direction: z.literal('TO_APP'),
  injected: z.literal(false).optional(),
  channel_identity: z.object({ channel: z.literal('WHATSAPP'), identity: z.string() }),
  accept_time: z.string().optional(),
});
const Webhook = z.object({
  app_id: z.string(),
  accepted_time: z.string().optional(),
  event_time: z.string().optional(),
  message: FromCustomer.optional().catch(undefined),
  event: FromCustomer.extend({ contact_message_event: z.object({ reaction_event: z.unknown() }) })
    .optional()
    .catch(undefined),
});

export const readWebhook: Vendor<'sinch'>['readWebhook'] = (webhook, [channel]) => {
  const parsed = Webhook.safeParse(webhook);
  if (!parsed.success || channel === undefined) return [];
  const { app_id, accepted_time, event_time, message, event } = parsed.data;
  const written = message ?? (channel.opensSession.reaction === true ? event : undefined);
  const atMs = Date.parse(event_time ?? written?.accept_time ?? accepted_time ?? '');
  if (written === undefined || Number.isNaN(atMs)) return [];
  return [{ business: app_id, customer: [written.channel_identity.identity], atMs }];
};
