import * as z from 'zod';
import { readPricing } from '../../domain/pricing.ts';

/*
 * Meta's wire format: unknown properties are ignored, and only fields that a decision depends on must be valid
 * (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages).
 */

/** Unreadable counts as absent. */
const lenientText = z.string().min(1).optional().catch(undefined);

const lenientFlag = z.boolean().optional().catch(undefined);

/** Absent or `null`; any other type than a string makes the whole value invalid. */
export const optionalText = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);
export const optionalFlag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? undefined);

const YEAR_3000 = 32_503_680_000;

/** Unix seconds, as text in messages and statuses and as a number elsewhere. */
export const UnixSeconds = z
  .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
  .pipe(z.int().positive().lt(YEAR_3000));

/** Ids become part of a table key, so their length counts in bytes. */
const ItemId = z
  .string()
  .min(1)
  .refine((id) => Buffer.byteLength(id) <= 512);

/** The Meta product: an app may be subscribed to several. */
export const Product = z.object({ object: z.string() });
export const Notification = z.object({ entry: z.array(z.unknown()) });
export const Entry = z.object({
  changes: z.array(z.unknown()),
  /** The WhatsApp business account. */
  id: lenientText,
  /** Epoch milliseconds at the end of the given second, so that a list requested within it does not revert the change; only changes of an account have it. */
  time: UnixSeconds.transform((seconds) => seconds * 1000 + 999)
    .optional()
    .catch(undefined),
});
export type Entry = z.infer<typeof Entry>;
export const Change = z.object({ field: z.string(), value: z.unknown().optional() });

/** The value of a change that concerns one business number. */
export const NumberValue = z.object({
  metadata: z.object({ phone_number_id: z.string(), display_phone_number: lenientText }),
  contacts: z.array(z.unknown()).catch([]),
  messages: z.unknown().optional(),
  statuses: z.unknown().optional(),
  calls: z.unknown().optional(),
  message_echoes: z.unknown().optional(),
  user_preferences: z.unknown().optional(),
  errors: z.unknown().optional(),
});
export type NumberValue = z.infer<typeof NumberValue>;

/** While another app controls the thread, the same lists are nested one level deeper. */
export const StandbyValue = z.looseObject({ standby: z.looseObject({}) });

export const Contact = z.object({
  wa_id: lenientText,
  user_id: lenientText,
  profile: z.object({ name: lenientText, username: lenientText }).optional().catch(undefined),
});

/** The fields that every message and call must have (R4). */
const head = { id: ItemId, timestamp: UnixSeconds, from: lenientText, from_user_id: lenientText };

export const Message = z.looseObject({
  ...head,
  type: lenientText,
  /** A value that cannot be read still marks a group message. */
  group_id: z.string().nullish().catch('unreadable'),
  context: z
    .object({
      id: lenientText,
      forwarded: lenientFlag,
      frequently_forwarded: lenientFlag,
      referred_product: z.unknown().optional(),
    })
    .optional()
    .catch(undefined),
  referral: z.unknown().optional(),
  errors: z.array(z.unknown()).optional().catch(undefined),
});
export type Message = z.infer<typeof Message>;

const lenientSeconds = UnixSeconds.optional().catch(undefined);

export const Call = z.object({
  ...head,
  to: lenientText,
  to_user_id: lenientText,
  event: lenientText,
  direction: lenientText,
  status: lenientText,
  /** Seconds; absent where the call was not answered. */
  duration: z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
    .optional()
    .catch(undefined),
  start_time: lenientSeconds,
  end_time: lenientSeconds,
  errors: z.array(z.unknown()).optional().catch(undefined),
});
export type Call = z.infer<typeof Call>;

/** One of `statuses` about a call of the business. */
export const CallStatus = z.object({
  id: ItemId,
  timestamp: UnixSeconds,
  status: z.string(),
  recipient_id: lenientText,
  recipient_user_id: lenientText,
});

/** What another sender wrote from the same number; in `standby` the message as it was sent is nested one level deeper. */
export const Echo = z.looseObject({
  id: ItemId,
  timestamp: UnixSeconds,
  to: lenientText,
  to_user_id: lenientText,
  recipient: lenientText,
  recipient_type: lenientText,
  type: lenientText,
  /** A value that cannot be read still marks a group message. */
  group_id: z.string().nullish().catch('unreadable'),
  context: z.object({ id: lenientText, message_id: lenientText }).optional().catch(undefined),
});
export type Echo = z.infer<typeof Echo>;
export const NestedEcho = z.looseObject({ message: z.looseObject({}) });

/** A change of the thread's owner; every field of its notification may be absent (webhooks reference, `messaging_handovers`). */
export const Handover = z.object({
  timestamp: UnixSeconds,
  type: lenientText,
  sender: z.object({ phone_number: lenientText, user_id: lenientText }).optional().catch(undefined),
  control_passed: z.object({ new_owner_role: lenientText }).optional().catch(undefined),
  control_taken: z.object({ new_owner_role: lenientText }).optional().catch(undefined),
});

/** `messaging_handovers` names the business number as the recipient. */
export const RecipientValue = z.looseObject({ recipient: z.looseObject({ phone_number_id: z.string() }) });

/** A `system` message of a changed number or user id. */
export const SystemChange = z.object({
  from: lenientText,
  system: z.object({
    type: z.enum(['user_changed_number', 'user_changed_user_id']),
    previous_user_id: lenientText,
    user_id: lenientText,
    wa_id: lenientText,
  }),
});

/** The customer of a `system` message without `from`. */
export const SystemSender = z.object({
  system: z.object({ previous_user_id: lenientText, user_id: lenientText, wa_id: lenientText }),
});

/** An error is the same in answers and statuses; its `title` is being phased out. */
export const WireError = z.object({
  code: z.union([z.int(), z.string().min(1)]),
  title: lenientText,
  message: lenientText,
  error_subcode: z
    .union([z.int(), z.string().min(1)])
    .optional()
    .catch(undefined),
  error_data: z.object({ details: lenientText }).optional().catch(undefined),
});
export type WireError = z.infer<typeof WireError>;

/** The price of a message; an invalid one does not invalidate the status. */
const StatusPricing = z
  .looseObject({})
  .transform(({ pricing_model: model, ...pricing }) => readPricing({ ...pricing, model }))
  .optional()
  .catch(undefined);

export const Status = z.object({
  id: ItemId,
  timestamp: UnixSeconds,
  status: z.string(),
  recipient_type: lenientText,
  recipient_id: lenientText,
  recipient_user_id: lenientText,
  biz_opaque_callback_data: lenientText,
  errors: z.array(z.unknown()).catch([]),
  pricing: StatusPricing,
});

/** A customer's choice in WhatsApp about messages of the business. */
export const UserPreference = z.object({
  wa_id: lenientText,
  user_id: lenientText,
  category: z.string(),
  value: z.string(),
  timestamp: UnixSeconds,
});

export const SendAnswer = z.object({
  /** The names of the recipient: as they were given, and as WhatsApp knows them. */
  contacts: z
    .array(z.object({ wa_id: lenientText, user_id: lenientText }))
    .optional()
    .catch(undefined),
  messages: z.tuple([z.object({ id: z.string().min(1), message_status: lenientText })], z.unknown()),
});
export const ErrorAnswer = z.object({ error: WireError });
