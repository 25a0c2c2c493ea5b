import * as z from 'zod';
import { CustomerKey } from '../domain/customer.ts';
import { MESSAGE_STATUSES } from '../domain/status.ts';

const seconds = z.int().nonnegative().describe('whole epoch seconds');
const milliseconds = z.int().nonnegative().describe('epoch milliseconds');

/** What a customer or the business said is kept as JSON text: any depth, any number, nothing for DynamoDB to refuse. */
const Json = z.string().transform((text): unknown => JSON.parse(text));
const Content = Json.pipe(z.looseObject({ type: z.string() }));

/** The customer care session; `expiresAt` is the window's end and the item's TTL. */
export const SessionItem = z.object({
  sessionId: z.string(),
  openedAt: seconds,
  lastInboundAt: seconds,
  expiresAt: seconds,
  phase: z.enum(['open', 'closing', 'closed']),
  providerClosedFor: seconds.optional(),
  slotUsedAt: seconds.optional(),
  skewedUntil: seconds.optional(),
});
export type SessionItem = z.infer<typeof SessionItem>;

/** In the place of a session: the customer lives in another partition. */
const Tombstone = z.object({ movedTo: CustomerKey });

export const SessionRow = z.union([SessionItem, Tombstone]);

/** What outlives the window. */
export const CustomerItem = z.object({
  phone: CustomerKey.optional(),
  userId: CustomerKey.optional(),
  lastOpenedAt: seconds.optional(),
  skewedUntil: seconds.optional(),
  consent: z.object({ state: z.enum(['unknown', 'opted_in', 'opted_out']), effectiveAt: seconds }).optional(),
  slot: z.object({ usedAt: seconds, holders: z.set(z.string()).default(new Set()) }).optional(),
});
export type CustomerItem = z.infer<typeof CustomerItem>;

const StatusEntry = z.object({
  status: z.enum(MESSAGE_STATUSES),
  at: milliseconds,
  error: z.object({ code: z.string(), title: z.string() }).optional(),
});

/** A message of the customer. */
export const InboundItem = z.object({
  direction: z.literal('inbound'),
  id: z.string(),
  at: milliseconds,
  receivedAt: milliseconds,
  countedAt: seconds.optional(),
  content: Content,
  replyTo: z.string().optional(),
  profileName: z.string().optional(),
  groupId: z.string().optional(),
  referral: Json.optional(),
});

/** What a send was decided on, so that a dispute can be answered from its record. */
export const DecisionRecord = z.object({
  at: milliseconds,
  expiresAt: seconds.optional(),
  lastInboundAt: seconds.optional(),
  consent: z.enum(['unknown', 'opted_in', 'opted_out']),
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
  content: Content,
  replyTo: z.string().optional(),
  clientReference: z.string().optional(),
  decision: DecisionRecord,
});
export type OutboundItem = z.infer<typeof OutboundItem>;

export const MessageItem = z.discriminatedUnion('direction', [InboundItem, OutboundItem]);
export type MessageItem = z.infer<typeof MessageItem>;

/** From the id of an outbound message to the key of its record. */
export const SendItem = z.object({
  claimedBy: z.string(),
  leaseUntil: milliseconds,
  messagePk: z.string(),
  messageSk: z.string(),
});
