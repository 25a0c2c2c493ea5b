import * as z from 'zod';
import { readPricing } from '../../domain/pricing.ts';

/*
 * Meta's wire format, read tolerantly: unknown properties are ignored, and only what a decision rests on must be right
 * (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages).
 */

/** Unreadable counts as absent. */
const lenientText = z.string().min(1).optional().catch(undefined);

/** Absent and `null` mean the same; anything else than a text spoils what it belongs to. */
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
const UnixSeconds = z
  .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
  .pipe(z.int().positive().lt(YEAR_3000));

/** Ids become part of a table key, so their length counts in bytes. */
const ItemId = z
  .string()
  .min(1)
  .refine((id) => Buffer.byteLength(id) <= 512);

/** An app may be subscribed to other Meta products too: `object` tells. */
export const Product = z.object({ object: z.string() });
export const Notification = z.object({ entry: z.array(z.unknown()) });
export const Entry = z.object({
  changes: z.array(z.unknown()),
  /** The WhatsApp business account. */
  id: lenientText,
  /** Epoch milliseconds at the end of the second given, so that a list asked for within it does not undo it; only changes of an account have it. */
  time: UnixSeconds.transform((seconds) => seconds * 1000 + 999)
    .optional()
    .catch(undefined),
});
export type Entry = z.infer<typeof Entry>;
export const Change = z.object({ field: z.string(), value: z.unknown().optional() });

/** The value of a change that is about one business number. */
export const NumberValue = z.object({
  metadata: z.object({ phone_number_id: z.string() }),
  contacts: z.array(z.unknown()).catch([]),
  messages: z.unknown().optional(),
  statuses: z.unknown().optional(),
  calls: z.unknown().optional(),
  user_preferences: z.unknown().optional(),
  errors: z.unknown().optional(),
});
export type NumberValue = z.infer<typeof NumberValue>;

/** While another app holds the thread, the same lists come one level deeper. */
export const StandbyValue = z.looseObject({ standby: z.looseObject({}) });

export const Contact = z.object({
  wa_id: lenientText,
  user_id: lenientText,
  profile: z.object({ name: lenientText }).optional().catch(undefined),
});

/** What must be readable of a message or call, whatever it says (R4). */
const head = { id: ItemId, timestamp: UnixSeconds, from: lenientText, from_user_id: lenientText };

export const Message = z.looseObject({
  ...head,
  type: lenientText,
  /** Unreadable still marks the message of a group. */
  group_id: z.string().nullish().catch('unreadable'),
  context: z.object({ id: lenientText, referred_product: z.unknown().optional() }).optional().catch(undefined),
  referral: z.unknown().optional(),
});
export type Message = z.infer<typeof Message>;

export const Call = z.object({ ...head, event: lenientText, direction: lenientText });

/** Names the customer of a `system` message that comes without `from`. */
export const SystemSender = z.object({
  system: z.object({ previous_user_id: lenientText, user_id: lenientText, wa_id: lenientText }),
});

/** An error is the same in answers and statuses; its `title` is being phased out. */
export const WireError = z.object({
  code: z.union([z.int(), z.string().min(1)]),
  title: lenientText,
  message: lenientText,
});
export type WireError = z.infer<typeof WireError>;

/** What a message costs; nothing that it holds spoils the status. */
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
  biz_opaque_callback_data: lenientText,
  errors: z.array(z.unknown()).catch([]),
  pricing: StatusPricing,
});

/** What a customer has chosen in WhatsApp about messages of the business. */
export const UserPreference = z.object({
  wa_id: lenientText,
  user_id: lenientText,
  category: z.string(),
  value: z.string(),
  timestamp: UnixSeconds,
});

export const SendAnswer = z.object({ messages: z.tuple([z.object({ id: z.string().min(1) })], z.unknown()) });
export const ErrorAnswer = z.object({ error: WireError });
