import * as z from 'zod';

const unread = z.unknown().optional();
/** Unreadable counts as absent. */
const optionalText = z.string().optional().catch(undefined);

/** Wider than Sinch's own ids (ULIDs), but safe as part of a table key. */
export const SinchId = z.string().regex(/^[\x20-\x7e]{1,512}$/);

/** A time of 13 digits in epoch milliseconds (2001 to 2286): the zero time of an unset field counts as absent. */
const Time = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .pipe(z.number().min(1e12).lt(1e13));

/** The first time that can be read, in epoch milliseconds. */
export const firstTime = (times: readonly unknown[]): number | undefined =>
  times.map((time) => Time.safeParse(time).data).find((time) => time !== undefined);

/** The part that all callbacks share. The event has a key of its own; there is no type field. */
export const Envelope = z.looseObject({
  app_id: z.string(),
  event_time: unread,
  accepted_time: unread,
  message: unread,
  event: unread,
  message_delivery_report: unread,
  opt_in_notification: unread,
  opt_out_notification: unread,
});
export type Envelope = z.infer<typeof Envelope>;

/** An unset channel names none. */
const ChannelIdentity = z.looseObject({ channel: z.string().min(1), identity: z.string().catch('') });

const fromContact = {
  id: unread,
  direction: unread,
  injected: unread,
  accept_time: unread,
  channel_identity: ChannelIdentity,
};

/** MESSAGE_INBOUND; its content is read separately. */
export const Message = z.looseObject({ ...fromContact, contact_message: unread });
export type Message = z.infer<typeof Message>;

/** EVENT_INBOUND, of which only WhatsApp's reaction is read. */
export const ContactEvent = z.looseObject({
  ...fromContact,
  contact_message_event: z.looseObject({ reaction_event: unread }).nullish(),
});
export type ContactEvent = z.infer<typeof ContactEvent>;

/**
 * MESSAGE_DELIVERY; `status` and `reason.code` are open enumerations. The channel may be absent (Sinch's own SDK models),
 * and bodies of 2020 name it in `channel`.
 */
export const DeliveryReport = z.looseObject({
  message_id: unread,
  status: unread,
  channel_identity: ChannelIdentity.nullish().catch(undefined),
  channel: unread,
  reason: z.looseObject({ code: z.string(), description: optionalText }).nullish().catch(undefined),
  metadata: unread,
});
export type DeliveryReport = z.infer<typeof DeliveryReport>;

/** OPT_IN and OPT_OUT; `status` is an open enumeration. */
export const OptNotification = z.looseObject({
  channel: z.string(),
  identity: z.string().catch(''),
  status: z.string(),
  request_id: unread,
});

/** The answer of `messages:send`: the message is queued, and a delivery report follows. */
export const Sent = z.looseObject({ message_id: SinchId });

/** An API error, with or without an enclosing `error`: Sinch documents both. */
const ErrorBody = z
  .looseObject({ code: z.number().optional(), status: z.string().optional(), message: optionalText })
  .refine(({ code, status }) => code !== undefined || status !== undefined);
export const ApiError = z.union([z.looseObject({ error: ErrorBody }).transform(({ error }) => error), ErrorBody]);

/** The answer of the OAuth2 token endpoint. */
export const AccessToken = z.looseObject({ access_token: z.string().min(1), expires_in: z.number().positive() });
export type AccessToken = z.infer<typeof AccessToken>;
