import * as z from 'zod';
import { PriceView, toPriceView } from '../shared/domain/pricing.ts';
import { MESSAGE_STATUSES } from '../shared/domain/status.ts';
import type { MessageItem } from '../shared/store/items.ts';

const instant = z.string().meta({ format: 'date-time', description: 'ISO 8601, UTC' });

/** One message of a thread, in either direction. */
export const MessageView = z
  .object({
    id: z.string(),
    direction: z.enum(['inbound', 'outbound']),
    status: z.enum(['received', ...MESSAGE_STATUSES]),
    statuses: z.array(
      z.object({
        status: z.enum(['received', ...MESSAGE_STATUSES]),
        at: instant,
        error: z.object({ code: z.string(), title: z.string(), class: z.string() }).optional(),
        by: z.literal('operator').optional(),
      }),
    ),
    content: z.looseObject({ type: z.string() }),
    createdAt: instant,
    sentAs: z.enum(['session', 'template']).optional(),
    providerMessageId: z.string().optional(),
    pricing: PriceView.optional().meta({
      description: 'The price that the provider reported; it may arrive after the status',
    }),
    replyTo: z.string().optional(),
    clientReference: z.string().optional(),
    profileName: z.string().optional(),
    groupId: z.string().optional(),
    referral: z.unknown().optional(),
    decision: z
      .object({
        at: instant,
        expiresAt: instant.nullable(),
        lastInboundAt: instant.nullable(),
        consent: z.enum(['unknown', 'opted_in', 'opted_out']),
        consentVersion: z.int(),
        template: z
          .object({ name: z.string(), language: z.string(), category: z.string(), version: z.int() })
          .optional(),
        lastOpenedAt: instant.nullable(),
        slotUsedAt: instant.nullable().meta({ description: 'When the re-engagement slot was last used' }),
        usesReengagement: z.boolean(),
      })
      .optional(),
  })
  .meta({ id: 'Message' });
export type MessageView = z.infer<typeof MessageView>;

const fromMilliseconds = (at: number): string => new Date(at).toISOString();
const fromSeconds = (at: number | undefined): string | null => (at === undefined ? null : fromMilliseconds(at * 1000));

type Inbound = Extract<MessageItem, { direction: 'inbound' }>;
type Outbound = Extract<MessageItem, { direction: 'outbound' }>;

const inboundView = ({
  id,
  at,
  receivedAt,
  content,
  replyTo,
  profileName,
  groupId,
  referral,
}: Inbound): MessageView => ({
  id,
  direction: 'inbound',
  status: 'received',
  statuses: [{ status: 'received', at: fromMilliseconds(receivedAt) }],
  content,
  createdAt: fromMilliseconds(at),
  providerMessageId: id,
  replyTo,
  profileName,
  groupId,
  referral,
});

const outboundView = ({
  at,
  direction,
  decision,
  statuses,
  pricing,
  leaseUntil: _,
  released: __,
  ...message
}: Outbound): MessageView => ({
  ...message,
  direction,
  statuses: statuses.map((entry) => ({ ...entry, at: fromMilliseconds(entry.at) })),
  createdAt: fromMilliseconds(at),
  pricing: toPriceView(pricing),
  decision: {
    ...decision,
    at: fromMilliseconds(decision.at),
    expiresAt: fromSeconds(decision.expiresAt),
    lastInboundAt: fromSeconds(decision.lastInboundAt),
    lastOpenedAt: fromSeconds(decision.lastOpenedAt),
    slotUsedAt: fromSeconds(decision.slotUsedAt),
  },
});

export const toMessageView = (message: MessageItem): MessageView =>
  message.direction === 'inbound' ? inboundView(message) : outboundView(message);
