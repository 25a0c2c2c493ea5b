import * as z from 'zod';
import { RECORDED_CONSENT_STATES } from './consent.ts';
import type { EventType } from './event-types.ts';
import { ID_PATTERN } from './id.ts';
import { Instant } from './instant.ts';
import { LEARNED_FROM } from './names.ts';
import { OwnerView } from './owner.ts';
import { PriceView } from './pricing.ts';
import { MESSAGE_STATUSES } from './status.ts';

const envelope = {
  id: z
    .string()
    .regex(new RegExp(`^evt_${ID_PATTERN}$`))
    .meta({ description: 'The same for every delivery of one event: use it to drop duplicates' }),
  version: z.literal(1),
  occurredAt: Instant,
};

const ofCustomer = {
  ...envelope,
  channel: z.string(),
  customer: z.string().meta({
    description:
      'Phone number in E.164, or the provider’s user id where it gives no number, with ~ before one that could be read as a number',
  }),
};

const ofSession = { ...ofCustomer, sessionId: z.string() };

const window = {
  openedAt: Instant,
  lastInboundAt: Instant.meta({ description: 'The customer’s last message that counts' }),
  expiresAt: Instant,
};

const Content = z.looseObject({ type: z.string(), tooLargeBytes: z.int().optional() }).meta({
  description:
    'As in the thread; with `tooLargeBytes` it is too large for an event, and only the parts that matter are here, cut where they are long',
});

const ConsentInForce = z
  .object({ state: z.enum(RECORDED_CONSENT_STATES), effectiveAt: Instant })
  .nullable()
  .meta({ description: 'null: none is recorded' });

/** The `detail` of an event of each type. */
export const EVENTS = {
  'message.received': z
    .object({
      ...ofCustomer,
      sessionId: z.string().optional().meta({ description: 'The session that the message opened or continued' }),
      data: z.object({
        messageId: z.string(),
        window: z
          .object({ state: z.enum(['open', 'closed']), expiresAt: Instant })
          .optional()
          .meta({
            description:
              'The window as this message left it, so that no other event is needed to answer; absent where the message opens no session by its kind',
          }),
        content: Content,
        replyTo: z.string().optional(),
        profileName: z.string().optional(),
        username: z
          .string()
          .optional()
          .meta({ description: 'The customer’s WhatsApp username, as the provider writes it' }),
        forwarded: z.boolean().optional().meta({ description: 'The customer forwarded it' }),
        frequentlyForwarded: z.boolean().optional().meta({ description: 'It was forwarded many times before' }),
        groupId: z.string().optional(),
        referral: z.unknown().optional(),
        requestId: z
          .string()
          .optional()
          .meta({ description: 'Of the webhook that delivered it, as in the service’s logs' }),
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
          description: 'What it costs, as far as the provider has reported it with this status',
        }),
        error: z.object({ code: z.string(), title: z.string(), class: z.string() }).optional(),
        by: z.literal('operator').optional().meta({ description: 'Set where an operator resolved a send in doubt' }),
        released: z.literal(true).optional().meta({
          description:
            'Of `failed`: nothing reached the provider, and the Idempotency-Key is free. Where the call is repeated, the message begins anew with `accepted`',
        }),
      }),
    })
    .meta({
      description:
        'The status of a message to a customer changed, beginning with `accepted` (before the provider is called).',
    }),
  'session.opened': z
    .object({ ...ofSession, data: z.object(window) })
    .meta({ description: 'A customer’s message opened a customer care session.' }),
  'session.closing': z.object({ ...ofSession, data: z.object(window) }).meta({
    description:
      'The session ends within the channel’s lead time. Once for each `expiresAt`: a later message of the customer moves it.',
  }),
  'session.closed': z
    .object({
      ...ofSession,
      data: z.object({
        ...window,
        reason: z.enum(['expired', 'provider', 'erased', 'merged']).meta({
          description:
            '`provider`: WhatsApp reported it closed before `expiresAt`; `erased`: its customer was erased; `merged`: another name of the customer has a session that ends later',
        }),
        mergedInto: z
          .string()
          .optional()
          .meta({ description: 'Of a merged session: the `sessionId` of the one that goes on' }),
      }),
    })
    .meta({ description: 'The session has ended. Once for each session, before the next one is opened.' }),
  'session.owner_changed': z
    .object({
      ...ofCustomer,
      data: z.object({
        owner: OwnerView.nullable().meta({ description: 'Who holds the conversation now; null: no one does' }),
        previous: OwnerView.nullable(),
      }),
    })
    .meta({
      description:
        'Another one holds the conversation. The hold of a bot, of Meta’s Business Agent and of the WhatsApp Business app also ends with the session (`session.closed`), and any hold at its `until`, without an event of its own.',
    }),
  'consent.changed': z
    .object({
      ...ofCustomer,
      data: z.object({
        scope: z.enum(['all', 'marketing']),
        state: z.enum(RECORDED_CONSENT_STATES),
        source: z.string(),
        actor: z.string(),
        effectiveAt: Instant,
        version: z.int(),
      }),
    })
    .meta({
      description: 'The consent in force has changed. A change that only enters the history publishes no event.',
    }),
  'usage.threshold': z
    .object({
      ...envelope,
      channel: z.string(),
      data: z.object({
        month: z.string().meta({ description: 'Calendar month in UTC, `yyyy-mm`' }),
        threshold: z.int(),
        mau: z.int().meta({ description: 'Monthly active users when it was counted, at least the threshold' }),
      }),
    })
    .meta({
      description:
        'A channel has reached one of its `mauThresholds` of monthly active users. Once a month for each threshold.',
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
    .meta({ description: 'A template was added, changed or removed at the provider.' }),
  'customer.identified': z
    .object({
      ...ofCustomer,
      sessionId: z.string().optional().meta({ description: 'The session that is open, or the last one known' }),
      data: z.object({
        name: z.string().meta({ description: 'The name that leads to the customer from now on' }),
        names: z.array(z.string()).meta({ description: 'Every name of the customer' }),
        learnedFrom: z.enum(LEARNED_FROM).optional().meta({ description: 'What the provider reported it with' }),
        window: z
          .object({ state: z.enum(['open', 'closed']), expiresAt: Instant })
          .optional()
          .meta({ description: 'The customer’s window under all names; absent where none is known' }),
        consent: z
          .object({
            all: ConsentInForce,
            marketing: ConsentInForce,
            version: z.int().meta({ description: 'A `consent.changed` of `customer` with a lower one does not count' }),
          })
          .optional()
          .meta({
            description:
              'The consents of the customer, where `name` and `customer` are equal: what was published before under the name may be another person’s',
          }),
        newOwnerSince: Instant.optional().meta({
          description:
            'The second from which the name belongs to another person than before, who inherits neither window nor opt-in',
        }),
      }),
    })
    .meta({
      description:
        'A name was recognised as another one of a customer: `customer` is the canonical name, in which all further events name them. Once for each name, and again where it leads to another customer. `name` and `customer` are equal where a number has a new owner, and where a name has a customer of its own again: then `window` and `consent` replace what was known of `customer`.',
    }),
} as const satisfies Readonly<Record<EventType, z.ZodType>>;

/** One event, without the id that is derived from it. */
export type EventOf<T extends EventType> = {
  readonly type: T;
  /** Distinguishes it from all other events of its type. */
  readonly identity: readonly (string | number)[];
  readonly detail: Omit<z.infer<(typeof EVENTS)[T]>, 'id' | 'version'>;
};
export type ServiceEvent = { [T in EventType]: EventOf<T> }[EventType];
