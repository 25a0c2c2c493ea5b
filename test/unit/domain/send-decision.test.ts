import { describe, expect, it } from 'vitest';
import type { Consent } from '../../../functions/shared/domain/consent.ts';
import {
  decideSend,
  isReengagementFree,
  type ReengagementSlot,
  type SendDecision,
  type SendIntent,
} from '../../../functions/shared/domain/send-decision.ts';
import type { Session } from '../../../functions/shared/domain/window.ts';
import { aConsent, aSession, aSessionEndingIn, facts, NOW, NOW_SECONDS } from '../../support/builders.ts';

const HOUR = 3600;
const LAST_OPENED_AT = NOW_SECONDS - 30 * HOUR;

const INTENTS = {
  'a session message': { kind: 'session' },
  'a re-engagement': { kind: 'template', purpose: 'reengagement' },
  'a notification': { kind: 'template', purpose: 'notification' },
} as const satisfies Record<string, SendIntent>;

const lastMessage = NOW_SECONDS - HOUR;

const WINDOWS = {
  open: aSession({ lastInboundAt: lastMessage }),
  'inside the margin': aSessionEndingIn(30),
  ended: aSessionEndingIn(0),
  'closed by the provider': aSession({ lastInboundAt: lastMessage, providerClosedFor: lastMessage }),
  'never opened': undefined,
} as const satisfies Record<string, Session | undefined>;

const CONSENTS = [
  'unknown',
  'opted_in',
  'opted out, wrote later',
  'opted out in the same second',
  'opted out after writing',
] as const;
type ConsentName = (typeof CONSENTS)[number];

const consentOf = (name: ConsentName, session: Session | undefined): Consent => {
  const at = session?.lastInboundAt ?? LAST_OPENED_AT;
  switch (name) {
    case 'unknown':
    case 'opted_in':
      return aConsent(name);
    case 'opted out, wrote later':
      return aConsent('opted_out', at - 1);
    case 'opted out in the same second':
      return aConsent('opted_out', at);
    case 'opted out after writing':
      return aConsent('opted_out', at + 1);
  }
};

const SLOTS = {
  free: undefined,
  used: { usedAt: LAST_OPENED_AT + 1, holders: ['msg_1'] },
} as const satisfies Record<string, ReengagementSlot | undefined>;

const SESSION = 'session';
const TEMPLATE = 'template';
const TEMPLATE_WITH_SLOT = 'template with slot';
const OPTED_OUT = 'opted_out → none';
const NOT_OPTED_IN = 'not_opted_in → collect_opt_in';
const USED = 'reengagement_used → wait_for_customer';

type Cell = string | Record<keyof typeof SLOTS, string>;
type Row = Record<ConsentName, Cell>;

const everyOptOut = {
  'opted out, wrote later': OPTED_OUT,
  'opted out in the same second': OPTED_OUT,
  'opted out after writing': OPTED_OUT,
};

const sessionWhenClosed: Row = {
  unknown: 'window_closed → collect_opt_in',
  opted_in: { free: 'window_closed → send_template', used: 'window_closed → wait_for_customer' },
  ...everyOptOut,
};
const reengagementWhenClosed: Row = {
  unknown: NOT_OPTED_IN,
  opted_in: { free: TEMPLATE_WITH_SLOT, used: USED },
  ...everyOptOut,
};
const notificationWhenClosed: Row = { unknown: NOT_OPTED_IN, opted_in: TEMPLATE, ...everyOptOut };
const templateWhenOpen: Row = { unknown: TEMPLATE, opted_in: TEMPLATE, ...everyOptOut };

const whenClosed = (row: Row) => ({ ended: row, 'closed by the provider': row, 'never opened': row });

/** Rules R6 to R9 and the table of refusals, cell by cell. */
const EXPECTED: Record<keyof typeof INTENTS, Record<keyof typeof WINDOWS, Row>> = {
  'a session message': {
    open: { unknown: SESSION, opted_in: SESSION, ...everyOptOut, 'opted out, wrote later': SESSION },
    'inside the margin': {
      unknown: 'window_closed → send_template',
      opted_in: 'window_closed → send_template',
      ...everyOptOut,
    },
    ...whenClosed(sessionWhenClosed),
  },
  'a re-engagement': {
    open: templateWhenOpen,
    'inside the margin': templateWhenOpen,
    ...whenClosed(reengagementWhenClosed),
  },
  'a notification': {
    open: templateWhenOpen,
    'inside the margin': templateWhenOpen,
    ...whenClosed(notificationWhenClosed),
  },
};

const inWords = (decision: SendDecision): string => {
  if (!decision.allowed) return `${decision.code} → ${decision.nextAction}`;
  return decision.usesReengagement ? `${decision.sentAs} with slot` : decision.sentAs;
};

const INTENT_NAMES = ['a session message', 'a re-engagement', 'a notification'] as const;
const WINDOW_NAMES = ['open', 'inside the margin', 'ended', 'closed by the provider', 'never opened'] as const;

const CASES = INTENT_NAMES.flatMap((intent) =>
  WINDOW_NAMES.flatMap((window) =>
    CONSENTS.flatMap((consent) =>
      (['free', 'used'] as const).map((slot) => {
        const cell = EXPECTED[intent][window][consent];
        return { intent, window, consent, slot, expected: typeof cell === 'string' ? cell : cell[slot] };
      }),
    ),
  ),
);

const usedAt = NOW_SECONDS - HOUR;

const recordWith = (slot: ReengagementSlot | undefined, lastOpenedAt?: number) => ({
  consent: aConsent('opted_in'),
  slot,
  lastOpenedAt,
});

const heldBy = (count: number) => recordWith({ usedAt, holders: ['a', 'b', 'c', 'd'].slice(0, count) }, LAST_OPENED_AT);

const detailOf = (decision: SendDecision) => (decision.allowed ? undefined : decision.detail);

describe('the send decision', () => {
  it.each(CASES)(
    '$intent, window $window, consent $consent, slot $slot: $expected',
    ({ intent, window, consent, slot, expected }) => {
      const session = WINDOWS[window];

      const decision = decideSend(
        facts({
          session,
          customer: { consent: consentOf(consent, session), lastOpenedAt: LAST_OPENED_AT, slot: SLOTS[slot] },
        }),
        INTENTS[intent],
      );

      expect(inWords(decision)).toBe(expected);
    },
  );
});

describe('the margin of a session message', () => {
  it.each([0, 1, 30, 600])('of %i s refuses exactly from expiresAt − margin on', (sendMarginSeconds) => {
    const decisionAt = (milliseconds: number) =>
      decideSend(
        facts({
          session: aSessionEndingIn(sendMarginSeconds),
          now: new Date(NOW.getTime() + milliseconds),
          policy: { sendMarginSeconds },
        }),
        { kind: 'session' },
      ).allowed;

    expect([-1_000, -1, 0, 1, 1_000].map(decisionAt)).toEqual([true, true, false, false, false]);
  });

  it.each(['reengagement', 'notification'] as const)('does not hold for a template (%s)', (purpose) => {
    const decisionAt = (milliseconds: number) =>
      decideSend(facts({ session: aSessionEndingIn(1), now: new Date(NOW.getTime() + milliseconds) }), {
        kind: 'template',
        purpose,
      }).allowed;

    expect([0, 999, 1_000, 2_000].map(decisionAt)).toEqual([true, true, false, false]);
  });
});

describe('the re-engagement slot', () => {
  it.each([
    { fact: 'never taken', slot: undefined, lastOpenedAt: LAST_OPENED_AT, free: true },
    { fact: 'taken after the last session was opened', slot: ['a'], lastOpenedAt: usedAt - 1, free: false },
    { fact: 'taken in the second in which it was opened', slot: ['a'], lastOpenedAt: usedAt, free: true },
    { fact: 'taken before the next session was opened', slot: ['a'], lastOpenedAt: usedAt + 1, free: true },
    { fact: 'given back', slot: [], lastOpenedAt: usedAt - 1, free: true },
    { fact: 'of a customer who never wrote, taken', slot: ['a'], lastOpenedAt: undefined, free: false },
    { fact: 'of a customer who never wrote, given back', slot: [], lastOpenedAt: undefined, free: true },
    { fact: 'of a customer who never wrote', slot: undefined, lastOpenedAt: undefined, free: true },
  ])('$fact: free $free', ({ slot, lastOpenedAt, free }) => {
    const holders = slot === undefined ? undefined : { usedAt, holders: slot };

    expect(isReengagementFree(recordWith(holders, lastOpenedAt), 1)).toBe(free);
  });

  it.each([1, 2, 3])('is used up when %i of as many are held', (limit) => {
    expect(isReengagementFree(heldBy(limit - 1), limit)).toBe(true);
    expect(isReengagementFree(heldBy(limit), limit)).toBe(false);
    expect(isReengagementFree(heldBy(limit + 1), limit)).toBe(false);
  });

  it('follows the limit of the channel in the decision', () => {
    const customer = heldBy(1);
    const withLimit = (reengagementLimit: number) =>
      inWords(
        decideSend(facts({ session: undefined, customer, policy: { reengagementLimit } }), INTENTS['a re-engagement']),
      );

    expect(withLimit(1)).toBe(USED);
    expect(withLimit(2)).toBe(TEMPLATE_WITH_SLOT);
  });
});

describe('the sentence of a refusal', () => {
  const session = { kind: 'session' } as const;

  it('says that there is no session', () => {
    expect(detailOf(decideSend(facts({ session: undefined }), session))).toContain('no open customer care session');
  });

  it('says that the session has ended', () => {
    expect(detailOf(decideSend(facts({ session: aSessionEndingIn(-1) }), session))).toContain('has ended');
  });

  it('says how much is left and which margin is kept', () => {
    const detail = detailOf(
      decideSend(facts({ session: aSessionEndingIn(12), policy: { sendMarginSeconds: 45 } }), session),
    );

    expect(detail).toContain('ends in 12 s');
    expect(detail).toContain('margin of 45 s');
  });

  it('does not claim that 24 hours have passed when the provider closed the session', () => {
    const detail = detailOf(decideSend(facts({ session: WINDOWS['closed by the provider'] }), session));

    expect(detail).not.toContain('24 hours have passed');
    expect(detail).toContain('WhatsApp');
  });
});

describe('while a person holds the conversation', () => {
  const since = (NOW_SECONDS - 60) * 1000;
  const owned = (kind: 'person' | 'phone_app' | 'bot' | 'meta_agent' | 'none') =>
    facts({ session: WINDOWS.open, customer: { consent: aConsent('opted_in'), owner: { kind, since } } });

  it.each(Object.entries(INTENTS))('a bot waits, whatever it sends: %s', (_, intent) => {
    for (const kind of ['person', 'phone_app'] as const)
      expect(decideSend(owned(kind), { ...intent, as: 'bot' })).toMatchObject({
        allowed: false,
        code: 'owned_by_human',
        nextAction: 'wait',
      });
  });

  it('a person sends, and so does a caller who does not say who sends', () => {
    for (const intent of [{ kind: 'session', as: 'person' }, { kind: 'session' }] as const)
      expect(decideSend(owned('person'), intent).allowed).toBe(true);
  });

  it('a bot sends where no person holds it', () => {
    for (const kind of ['bot', 'meta_agent', 'none'] as const)
      expect(decideSend(owned(kind), { kind: 'session', as: 'bot' }).allowed).toBe(true);
  });
});
