import * as fc from 'fast-check';
import type { CustomerRecord, DecisionInput, SendIntent } from '../../functions/shared/domain/send-decision.ts';
import { expiresAtOf, type Session } from '../../functions/shared/domain/window.ts';
import { aCustomer, NOW_SECONDS } from './builders.ts';

const DAYS = 86_400;

/** Whole seconds around now, dense where something changes: now, a day ago, and seconds beside them. */
export const anyInstant = fc.oneof(
  fc.integer({ min: NOW_SECONDS - 3 * DAYS, max: NOW_SECONDS + 300 }),
  fc.integer({ min: -40, max: 40 }).map((seconds) => NOW_SECONDS - DAYS + seconds),
  fc.integer({ min: -2, max: 2 }).map((seconds) => NOW_SECONDS + seconds),
);

export const anySession: fc.Arbitrary<Session> = fc
  .record({
    sessionId: fc.constant('01KADQ2M7S0V9T4JYB6G1H3E5R'),
    lastInboundAt: anyInstant,
    openedBefore: fc.integer({ min: 0, max: DAYS }),
    phase: fc.constantFrom('open' as const, 'closing' as const, 'closed' as const),
    providerClosed: fc.option(fc.boolean(), { nil: undefined }),
  })
  .map(({ sessionId, lastInboundAt, openedBefore, phase, providerClosed }) => ({
    sessionId,
    openedAt: lastInboundAt - openedBefore,
    lastInboundAt,
    expiresAt: expiresAtOf(lastInboundAt),
    phase,
    ...(providerClosed === undefined ? {} : { providerClosedFor: lastInboundAt - (providerClosed ? 0 : 1) }),
  }));

const anyRecord: fc.Arbitrary<CustomerRecord> = fc.record(
  {
    consent: fc.record({
      state: fc.constantFrom('unknown' as const, 'opted_in' as const, 'opted_out' as const),
      effectiveAt: anyInstant,
    }),
    lastOpenedAt: anyInstant,
    slot: fc.record({ usedAt: anyInstant, holders: fc.uniqueArray(fc.constantFrom('a', 'b', 'c')) }),
  },
  { requiredKeys: ['consent'] },
);

export const anyFacts: fc.Arbitrary<DecisionInput> = fc.record({
  now: fc.integer({ min: -2_000, max: 2_000 }).map((milliseconds) => new Date(NOW_SECONDS * 1000 + milliseconds)),
  policy: fc.record({
    sendMarginSeconds: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 3600 })),
    reengagementLimit: fc.integer({ min: 1, max: 3 }),
  }),
  session: fc.option(anySession, { nil: undefined }),
  customer: anyRecord,
});

export const anyIntent: fc.Arbitrary<SendIntent> = fc.constantFrom<SendIntent>(
  { kind: 'session' },
  { kind: 'template', purpose: 'reengagement' },
  { kind: 'template', purpose: 'notification' },
);

const charactersOf = (alphabet: string) => fc.constantFrom(...Array.from(alphabet));

const digits = (from: number, to: number) =>
  fc.string({ unit: charactersOf('0123456789'), minLength: from, maxLength: to });

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Phone numbers and provider user ids, of every length that the syntax allows. */
export const anyCustomer = fc.oneof(
  fc.tuple(charactersOf('123456789'), digits(6, 14)).map(([first, rest]) => aCustomer(`+${first}${rest}`)),
  fc
    .tuple(
      fc.string({ unit: charactersOf(LETTERS), minLength: 2, maxLength: 2 }),
      fc.constantFrom('', 'ENT.'),
      fc.string({
        unit: charactersOf(`${LETTERS}abcdefghijklmnopqrstuvwxyz0123456789`),
        minLength: 1,
        maxLength: 128,
      }),
    )
    .map(([country, enterprise, id]) => aCustomer(`${country}.${enterprise}${id}`)),
);

export const anyChannelId = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,62}$/);

/** Epoch milliseconds of 13 digits: 2001 to 2286. */
export const anyMilliseconds = fc.integer({ min: 1_000_000_000_000, max: 9_999_999_999_999 });

/** `msg_` and a ULID's 26 characters. */
export const anyMessageId = fc
  .string({ unit: charactersOf('0123456789ABCDEFGHJKMNPQRSTVWXYZ'), minLength: 26, maxLength: 26 })
  .map((ulid) => `msg_${ulid}`);
