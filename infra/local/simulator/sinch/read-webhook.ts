import * as z from 'zod';
import type { Channel } from '../../../../functions/shared/domain/config.ts';
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

const openingItem = ({ message, event }: z.infer<typeof Webhook>, { opensSession }: Channel) =>
  message ?? (opensSession.reaction === true ? event : undefined);

export const readWebhook: Vendor<'sinch'>['readWebhook'] = (webhook, [channel]) => {
  const parsed = Webhook.safeParse(webhook);
  if (!parsed.success || channel === undefined) return [];
  const { app_id, accepted_time, event_time } = parsed.data;
  const item = openingItem(parsed.data, channel);
  const atMs = Date.parse(event_time ?? item?.accept_time ?? accepted_time ?? '');
  if (item === undefined || Number.isNaN(atMs)) return [];
  return [{ business: app_id, customer: [item.channel_identity.identity], atMs }];
};
