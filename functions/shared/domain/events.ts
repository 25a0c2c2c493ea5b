import * as z from 'zod';
import type { EventType } from './event-types.ts';
import { PriceView } from './pricing.ts';
import { MESSAGE_STATUSES } from './status.ts';

const instant = z.string().meta({ format: 'date-time', description: 'ISO 8601, UTC' });

const envelope = {
  id: z
    .string()
    .regex(/^evt_[0-9A-HJKMNP-TV-Z]{26}$/)
    .meta({ description: 'The same whenever the same event is delivered again: drop repeats by it' }),
  version: z.literal(1),
  occurredAt: instant,
};

const ofCustomer = {
  ...envelope,
  channel: z.string(),
  customer: z
    .string()
    .meta({ description: 'Phone number in E.164, or the provider’s user id where it gives no number' }),
};

const ofSession = { ...ofCustomer, sessionId: z.string() };

const window = {
  openedAt: instant,
  lastInboundAt: instant.meta({ description: 'The customer’s last message that counts' }),
  expiresAt: instant,
};

const Content = z
  .looseObject({ type: z.string(), tooLargeBytes: z.int().optional() })
  .meta({ description: 'As the thread shows it; with `tooLargeBytes` alone when it is too large for an event' });

/** What an event of each type says in its `detail`. */
export const EVENTS = {
  'message.received': z
    .object({
      ...ofCustomer,
      data: z.object({
        messageId: z.string(),
        content: Content,
        replyTo: z.string().optional(),
        profileName: z.string().optional(),
        groupId: z.string().optional(),
        referral: z.unknown().optional(),
        requestId: z
          .string()
          .optional()
          .meta({ description: 'Of the webhook that brought it, as the service’s logs name it' }),
      }),
    })
    .meta({ description: 'A customer’s message was recorded, whether it opens a session or not.' }),
  'message.status': z
    .object({
      ...ofCustomer,
      data: z.object({
        messageId: z.string(),
        status: z.enum(MESSAGE_STATUSES),
        sentAs: z.enum(['session', 'template']),
        providerMessageId: z.string().optional(),
        clientReference: z.string().optional(),
        pricing: PriceView.optional().meta({
          description: 'What the provider says it costs, as far as it is known with this status',
        }),
        error: z.object({ code: z.string(), title: z.string(), class: z.string() }).optional(),
        by: z.literal('operator').optional().meta({ description: 'Set where a person settled a send in doubt' }),
      }),
    })
    .meta({
      description: 'A message to a customer moved forward, from `accepted` (before the provider is called) on.',
    }),
  'session.opened': z
    .object({ ...ofSession, data: z.object(window) })
    .meta({ description: 'A customer’s message opened a customer care session.' }),
  'session.closing': z.object({ ...ofSession, data: z.object(window) }).meta({
    description:
      'The session ends within the channel’s lead time. Once per `expiresAt`; the customer’s next message starts over.',
  }),
  'session.closed': z
    .object({
      ...ofSession,
      data: z.object({
        ...window,
        reason: z
          .enum(['expired', 'provider', 'erased'])
          .meta({ description: '`provider`: WhatsApp held it for closed before we did; `erased`: with its customer' }),
      }),
    })
    .meta({ description: 'The session has ended. Once per session, before the next one is opened.' }),
  'consent.changed': z
    .object({
      ...ofCustomer,
      data: z.object({
        scope: z.enum(['all', 'marketing']),
        state: z.enum(['opted_in', 'opted_out']),
        source: z.string(),
        actor: z.string(),
        effectiveAt: instant,
        version: z.int(),
      }),
    })
    .meta({ description: 'Another consent is in force; a change that only entered the history is no event.' }),
  'usage.threshold': z
    .object({
      ...envelope,
      channel: z.string(),
      data: z.object({
        month: z.string().meta({ description: 'Calendar month in UTC, `yyyy-mm`' }),
        threshold: z.int(),
        mau: z.int().meta({ description: 'Monthly active users when it was seen, the threshold at least' }),
      }),
    })
    .meta({
      description: 'A channel has had as many monthly active users as `mauThresholds` says. Once a month each.',
    }),
  'template.changed': z
    .object({
      ...envelope,
      account: z.string(),
      data: z.object({
        change: z.enum(['added', 'changed', 'removed']),
        name: z.string(),
        language: z.string(),
        status: z.string(),
        category: z.string(),
        quality: z.string().optional(),
        version: z.int(),
      }),
    })
    .meta({ description: 'The provider lists a template anew, differently, or no longer.' }),
} as const satisfies Readonly<Record<EventType, z.ZodType>>;

/** One event, without the id that its facts lead to. */
export type EventOf<T extends EventType> = {
  readonly type: T;
  /** What makes it another event than all others of its type. */
  readonly identity: readonly (string | number)[];
  readonly detail: Omit<z.infer<(typeof EVENTS)[T]>, 'id' | 'version'>;
};
export type ServiceEvent = { [T in EventType]: EventOf<T> }[EventType];
