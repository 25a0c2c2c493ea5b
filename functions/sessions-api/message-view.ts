import * as z from 'zod';
import { CONSENT_STATES } from '../shared/domain/consent.ts';
import { ECHO_AUTHORS } from '../shared/domain/inbound.ts';
import { Instant } from '../shared/domain/instant.ts';
import { PriceView, toPriceView } from '../shared/domain/pricing.ts';
import { MESSAGE_STATUSES } from '../shared/domain/status.ts';
import { toInstant, toInstantOfMs } from '../shared/domain/time.ts';
import type { MessageItem } from '../shared/store/items.ts';

/** One message of a thread, in either direction. */
export const MessageView = z
  .object({
    id: z.string(),
    direction: z.enum(['inbound', 'outbound']),
    author: z.enum(ECHO_AUTHORS).optional().meta({
      description:
        'Who wrote an outbound message that was not sent through this service: a colleague in the WhatsApp Business app, or Meta’s Business Agent',
    }),
    status: z.enum(['received', ...MESSAGE_STATUSES]),
    statuses: z.array(
      z.object({
        status: z.enum(['received', ...MESSAGE_STATUSES]),
        at: Instant,
        error: z.object({ code: z.string(), title: z.string(), class: z.string() }).optional(),
        by: z.literal('operator').optional(),
      }),
    ),
    content: z.looseObject({ type: z.string() }),
    createdAt: Instant,
    sentAs: z.enum(['session', 'template']).optional(),
    providerMessageId: z.string().optional(),
    pricing: PriceView.optional().meta({
      description: 'The price that the provider reported; it may arrive after the status',
    }),
    replyTo: z.string().optional(),
    clientReference: z.string().optional(),
    profileName: z.string().optional(),
    username: z
      .string()
      .optional()
      .meta({ description: 'The customer’s WhatsApp username, as the provider writes it' }),
    forwarded: z.boolean().optional().meta({ description: 'The customer forwarded it' }),
    frequentlyForwarded: z.boolean().optional().meta({ description: 'It was forwarded many times before' }),
    groupId: z.string().optional(),
    referral: z.unknown().optional(),
    decision: z
      .object({
        at: Instant,
        expiresAt: Instant.nullable(),
        lastInboundAt: Instant.nullable(),
        consent: z.enum(CONSENT_STATES),
        consentVersion: z.int(),
        template: z
          .object({ name: z.string(), language: z.string(), category: z.string(), version: z.int() })
          .optional(),
        lastOpenedAt: Instant.nullable(),
        slotUsedAt: Instant.nullable().meta({ description: 'When the re-engagement slot was last used' }),
        usesReengagement: z.boolean(),
      })
      .optional(),
  })
  .meta({ id: 'Message' });
export type MessageView = z.infer<typeof MessageView>;

const toNullable = (at: number | undefined): string | null => (at === undefined ? null : toInstant(at));

type Inbound = Extract<MessageItem, { direction: 'inbound' }>;
type Outbound = Extract<MessageItem, { direction: 'outbound' }>;
type Echo = Extract<MessageItem, { direction: 'echo' }>;

const inboundView = ({
  id,
  at,
  receivedAt,
  content,
  replyTo,
  profileName,
  username,
  forwarded,
  frequentlyForwarded,
  groupId,
  referral,
}: Inbound): MessageView => ({
  id,
  direction: 'inbound',
  status: 'received',
  statuses: [{ status: 'received', at: toInstantOfMs(receivedAt) }],
  content,
  createdAt: toInstantOfMs(at),
  providerMessageId: id,
  replyTo,
  profileName,
  username,
  forwarded,
  frequentlyForwarded,
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
  claimedBy: ___,
  names: ____,
  recipient: _____,
  pointedFrom: ______,
  ...message
}: Outbound): MessageView => ({
  ...message,
  direction,
  statuses: statuses.map((entry) => ({ ...entry, at: toInstantOfMs(entry.at) })),
  createdAt: toInstantOfMs(at),
  pricing: toPriceView(pricing),
  decision: {
    ...decision,
    at: toInstantOfMs(decision.at),
    expiresAt: toNullable(decision.expiresAt),
    lastInboundAt: toNullable(decision.lastInboundAt),
    lastOpenedAt: toNullable(decision.lastOpenedAt),
    slotUsedAt: toNullable(decision.slotUsedAt),
  },
});

/** WhatsApp reports a message of another sender once it is sent. */
const echoView = ({ id, author, at, content, replyTo }: Echo): MessageView => ({
  id,
  direction: 'outbound',
  author,
  status: 'sent',
  statuses: [{ status: 'sent', at: toInstantOfMs(at) }],
  content,
  createdAt: toInstantOfMs(at),
  providerMessageId: id,
  replyTo,
});

export const toMessageView = (message: MessageItem): MessageView => {
  switch (message.direction) {
    case 'inbound':
      return inboundView(message);
    case 'outbound':
      return outboundView(message);
    case 'echo':
      return echoView(message);
  }
};
