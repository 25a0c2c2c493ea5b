import * as z from 'zod';
import { CONSENT_STATES, RECORDED_CONSENT_STATES } from '../domain/consent.ts';
import { CustomerKey } from '../domain/customer.ts';
import { ECHO_AUTHORS } from '../domain/inbound.ts';
import { KnownName, LEARNED_FROM } from '../domain/names.ts';
import { STORED_OWNER_KINDS } from '../domain/owner.ts';
import { Pricing } from '../domain/pricing.ts';
import { MESSAGE_STATUSES } from '../domain/status.ts';

const seconds = z.int().nonnegative().describe('whole epoch seconds');
const milliseconds = z.int().nonnegative().describe('epoch milliseconds');

/** Content is stored as JSON text, which DynamoDB accepts at any depth and with any number. */
const Json = z.string().transform((text): unknown => JSON.parse(text));
const Content = Json.pipe(z.looseObject({ type: z.string() }));

/** The customer care session; `expiresAt` is the window's end and the item's TTL. */
export const SessionItem = z.object({
  sessionId: z.string(),
  openedAt: seconds,
  lastInboundAt: seconds,
  expiresAt: seconds,
  phase: z.enum(['open', 'closing', 'closed']),
  /** When the provider considered it closed, before its end (R10). */
  closedAt: seconds.optional(),
  providerClosedFor: seconds.optional(),
  slotUsedAt: seconds.optional(),
  skewedUntil: seconds.optional(),
  /** The ad or post through which the customer came last. */
  entryPoint: z.object({ source: z.string(), id: z.string().optional(), at: seconds }).optional(),
  /** The customer's other names: a webhook with another one is linked before it counts. */
  names: z.set(CustomerKey).optional(),
  /** When it came here with its customer, from the partition of another name, in epoch seconds. */
  carriedAt: seconds.optional(),
  /** The name under which it was opened, where it came here from another one. */
  openedAs: CustomerKey.optional(),
  /** The session that left this place in the same write, with a customer who has lost the name. */
  leftSession: z.string().optional(),
  /** The session that it replaced, and those of other names that were merged into it: they are erased with it (R16). */
  absorbed: z.set(z.string()).optional(),
  /** The last message that came while Meta's Business Agent answered. */
  standbyAt: seconds.optional(),
  /** When a message to the customer was last claimed while it was open. */
  lastAnswerAt: seconds.optional(),
});
export type SessionItem = z.infer<typeof SessionItem>;

/** The window as a message or a merge left it, known to the second of its recording. */
const WindowLeft = z.object({
  sessionId: z.string().optional(),
  state: z.enum(['open', 'closed']),
  expiresAt: seconds,
});

/** In the place of a session: the name is another one of a customer whose items are stored under the canonical name. */
export const Tombstone = z.object({
  movedTo: CustomerKey,
  /** From this second on the name is another person's, who has not written with it yet. */
  until: seconds.optional(),
  learnedAt: seconds.optional(),
  learnedFrom: z.enum(LEARNED_FROM).optional(),
  /** All names of the customer when it was written. */
  names: z.array(CustomerKey).optional(),
  /** It led to another name of the same customer before: no event is published. */
  isRenewed: z.literal(true).optional(),
  /** The customer's window when it was written; absent where there was no session. */
  window: WindowLeft.optional(),
  /** The session that left this place in the same write, with a customer who has lost the name. */
  leftSession: z.string().optional(),
});
export type Tombstone = z.infer<typeof Tombstone>;

/** In the place of a session that left with its customer when the name got another owner. */
export const Vacancy = z.object({ vacatedAt: seconds });

/** What is stored in the place of a session; `undefined` where there is none any more. */
export const SessionRow = z.union([SessionItem, Tombstone, Vacancy.transform(() => undefined)]);
export type SessionRow = z.infer<typeof SessionRow>;

/** A session that has ended, in the history of the name that it had. */
export const PastItem = SessionItem.pick({
  sessionId: true,
  openedAt: true,
  lastInboundAt: true,
  openedAs: true,
}).extend({
  endedAt: seconds,
  reason: z.enum(['expired', 'provider', 'merged']),
  /** Of a merged session: the one that goes on. */
  mergedInto: z.string().optional(),
});
export type PastItem = z.infer<typeof PastItem>;

/** The consent in force, with its provenance (R9). */
const StoredConsent = z.object({
  state: z.enum(RECORDED_CONSENT_STATES),
  effectiveAt: seconds,
  source: z.string(),
  actor: z.string(),
  text: z.string().optional(),
  categories: z.array(z.string()).optional(),
  /** Whose it is where a user id is known: absent where it was given under the number alone. */
  userId: CustomerKey.optional(),
});
export type StoredConsent = z.infer<typeof StoredConsent>;

/** One change of consent, in its customer's history. */
export const ConsentItem = StoredConsent.extend({ id: z.string(), scope: z.enum(['all', 'marketing']) });
export type ConsentItem = z.infer<typeof ConsentItem>;

/** What outlives the window. */
export const CustomerItem = z.object({
  /** The customer was merged into another partition: consent is written without a read of the session's tombstone. */
  movedTo: CustomerKey.optional(),
  /** Of a tombstone: from this second on the name is another person's. */
  until: seconds.optional(),
  /** Every name, once there are several. */
  names: z.array(KnownName).optional(),
  /** The latest second from which one of the names belongs to the customer: what is older may be its previous owner's. */
  ownedFrom: seconds.optional(),
  /** As the provider reported it with the message that first opened a session, at that second. */
  profile: z.object({ name: z.string().optional(), username: z.string().optional(), at: seconds }).optional(),
  phone: CustomerKey.optional(),
  /** Before names were stored: the other name in a message. */
  userId: CustomerKey.optional(),
  /** Before names were stored: the phone number into which the members of this user id were merged (R14). */
  countedAs: CustomerKey.optional(),
  /** When this record was created; absent where an earlier release created it. */
  knownSince: seconds.optional(),
  lastOpenedAt: seconds.optional(),
  /** Of sessions that have ended: a maximum that outlives them. */
  lastInboundAt: seconds.optional(),
  skewedUntil: seconds.optional(),
  consent: StoredConsent.optional(),
  marketing: StoredConsent.optional(),
  /** Counts the changes of consent that were applied. */
  consentVersion: z.int().nonnegative().default(0),
  /** The version with which each came into force here; absent where a merge brought it. */
  consentFrom: z.int().positive().optional(),
  marketingFrom: z.int().positive().optional(),
  /** The customer's window when the names were last written; absent where there was no session. */
  window: WindowLeft.optional(),
  /** The re-engagement slot (R8): when it was used, and the messages that hold it. */
  slotUsedAt: seconds.optional(),
  slotHolders: z.set(z.string()).default(new Set()),
  /** The last word on who holds the conversation. */
  owner: z
    .object({
      kind: z.enum(STORED_OWNER_KINDS),
      since: milliseconds,
      until: milliseconds.optional(),
      reported: z.boolean().optional(),
    })
    .optional(),
});
export type CustomerItem = z.infer<typeof CustomerItem>;

const StatusEntry = z.object({
  status: z.enum(MESSAGE_STATUSES),
  at: milliseconds,
  error: z.object({ code: z.string(), title: z.string(), class: z.string() }).optional(),
  /** Set where an operator resolved it (R12). */
  by: z.literal('operator').optional(),
});

/** Why the provider's file of a message cannot be copied. */
export const FILE_FAULTS = ['gone', 'host_refused', 'too_large', 'corrupt'] as const;

/** The copy of the provider's file of a message, in the bucket. */
const file = {
  /** Its key in the bucket, which names no one. */
  fileKey: z.string().optional(),
  /** When it was last asked for. */
  fileRequestedAt: seconds.optional(),
  /** Present once it is in the bucket. */
  fileCopy: z.object({ mimeType: z.string(), size: z.int().nonnegative(), sha256: z.string() }).optional(),
  fileFault: z.enum(FILE_FAULTS).optional(),
};

/** A message of the customer. */
export const InboundItem = z.object({
  direction: z.literal('inbound'),
  id: z.string(),
  at: milliseconds,
  receivedAt: milliseconds,
  /** Of the webhook that delivered it, for the logs. */
  requestId: z.string().optional(),
  /** The customer's other name, where the webhook has a phone number too. */
  userId: CustomerKey.optional(),
  /** The canonical name of the customer when it was stored, where that is not the name in the key. */
  customer: CustomerKey.optional(),
  countedAt: seconds.optional(),
  /** Absent where it opens nothing by its kind, and where an earlier release recorded it. */
  window: WindowLeft.optional(),
  content: Content,
  /** Its place among the items of its webhook, so that messages of one millisecond keep their order. */
  position: z.int().nonnegative().optional(),
  forwarded: z.boolean().optional(),
  frequentlyForwarded: z.boolean().optional(),
  replyTo: z.string().optional(),
  profileName: z.string().optional(),
  username: z.string().optional(),
  groupId: z.string().optional(),
  referral: Json.optional(),
  ...file,
});
export type InboundItem = z.infer<typeof InboundItem>;

/** The state that a send was decided on: the evidence in a dispute. */
export const DecisionRecord = z.object({
  at: milliseconds,
  expiresAt: seconds.optional(),
  lastInboundAt: seconds.optional(),
  consent: z.enum(CONSENT_STATES),
  consentVersion: z.int().nonnegative(),
  template: z.object({ name: z.string(), language: z.string(), category: z.string(), version: z.int() }).optional(),
  lastOpenedAt: seconds.optional(),
  slotUsedAt: seconds.optional(),
  usesReengagement: z.boolean(),
});

/** A message of the business. */
export const OutboundItem = z.object({
  direction: z.literal('outbound'),
  id: z.string(),
  at: milliseconds,
  status: z.enum(MESSAGE_STATUSES),
  statuses: z.array(StatusEntry),
  sentAs: z.enum(['session', 'template']),
  providerMessageId: z.string().optional(),
  /** The provider's id from which a pointer leads to the message, where statuses may come without our reference. */
  pointedFrom: z.string().optional(),
  /** The provider's price, and the time of the first status with it; a failed message costs nothing. */
  pricing: Pricing.extend({ at: milliseconds }).optional(),
  content: Content,
  replyTo: z.string().optional(),
  clientReference: z.string().optional(),
  decision: DecisionRecord,
  /** A send without outcome after this is in doubt (R11). */
  leaseUntil: milliseconds,
  /** The claim whose attempt the record belongs to: a late write of an earlier attempt changes nothing (R11). */
  claimedBy: z.string().optional(),
  /** Nothing reached the provider: the same id may be used again. */
  released: z.boolean().default(false),
  /** The customer's names that were known when it was claimed. */
  names: z.array(CustomerKey).optional(),
  /** The names of the recipient in the provider's answer that add to those. */
  recipient: z
    .union([
      z.object({ phone: CustomerKey, userId: CustomerKey.optional() }),
      z.object({ phone: z.undefined().optional(), userId: CustomerKey }),
    ])
    .optional(),
});
export type OutboundItem = z.infer<typeof OutboundItem>;

/** A message that another sender wrote to the customer from the same number: it is shown in the thread, and nothing depends on it. */
const EchoItem = z.object({
  direction: z.literal('echo'),
  author: z.enum(ECHO_AUTHORS),
  id: z.string(),
  at: milliseconds,
  receivedAt: milliseconds,
  requestId: z.string().optional(),
  /** The customer's other identity, where the webhook has a phone number too. */
  userId: CustomerKey.optional(),
  position: z.int().nonnegative().optional(),
  content: Content,
  replyTo: z.string().optional(),
  ...file,
});

export const MessageItem = z.discriminatedUnion('direction', [InboundItem, OutboundItem, EchoItem]);
export type MessageItem = z.infer<typeof MessageItem>;

/** A template of an account in one language; components are JSON text, as content is. */
const templateComponent = {
  type: z.string(),
  format: z.string().optional(),
  text: z.string().optional(),
  buttons: z
    .array(
      z.object({
        type: z.string(),
        text: z.string().optional(),
        url: z.string().optional(),
        otpType: z.string().optional(),
      }),
    )
    .optional(),
  hasExpiration: z.boolean().optional(),
};

const TemplateCard = z.object({ components: z.array(z.object(templateComponent)) });

export const TemplateItem = z.object({
  name: z.string(),
  language: z.string(),
  status: z.string(),
  category: z.string(),
  quality: z.string().optional(),
  components: Json.pipe(z.array(z.object({ ...templateComponent, cards: z.array(TemplateCard).optional() }))),
  ttlSeconds: z.int().positive().optional(),
  /** Counts its changes. */
  version: z.int().positive(),
  /** When each fact was last reported. */
  changedAt: z.object({
    status: milliseconds,
    category: milliseconds,
    quality: milliseconds,
    components: milliseconds,
    /** Absent in items of the release before. */
    ttlSeconds: milliseconds.optional(),
  }),
});

/** Leads from the provider's id of a message to ours; names no customer. */
export const PointerItem = z.object({ messageId: z.string() });

/** The provider's own id of an uploaded file, for one version of its content. */
export const UploadedItem = z.object({ mediaId: z.string(), version: z.string(), expiresAt: seconds });

const claimOfId = {
  claimedBy: z.string(),
  /** The end of the key's life, and of its message's. */
  expiresAt: seconds.optional(),
};

/** Claims an id, and leads to the record of its message. */
export const SendItem = z.union([
  z.object({
    ...claimOfId,
    /** The hash of the claiming request: another request under the same key is refused (R11). */
    requestHash: z.string(),
    messagePk: z.string(),
    messageSk: z.string(),
  }),
  /** The message was erased with its customer: what is left claims its id and leads nowhere. */
  z.object({ ...claimOfId, erased: z.literal(true) }),
]);
export type SendItem = z.infer<typeof SendItem>;
