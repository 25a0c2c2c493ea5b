import { type Consent, UNKNOWN_CONSENT } from '../../functions/shared/domain/consent.ts';
import type { SendRequest } from '../../functions/shared/domain/content.ts';
import { type CustomerKey, parseCustomer } from '../../functions/shared/domain/customer.ts';
import type { CustomerRecord, SendFacts, SendPolicy } from '../../functions/shared/domain/send-decision.ts';
import { expiresAtOf, type Session } from '../../functions/shared/domain/window.ts';

/** The moment at which the examples happen, and the same in whole epoch seconds. */
export const NOW = new Date('2026-11-20T09:00:00.000Z');
export const NOW_SECONDS = NOW.getTime() / 1000;

export const aCustomer = (name = '+15550783881'): CustomerKey => {
  const customer = parseCustomer(name);
  if (customer === undefined) throw new Error(`not a customer: ${name}`);
  return customer;
};

export const aUserId = (name = 'US.13491208655302741918'): CustomerKey => aCustomer(name);

/** A session whose customer last wrote an hour before {@link NOW}; `expiresAt` follows `lastInboundAt` (R1). */
export const aSession = (overrides: Partial<Session> = {}): Session => {
  const lastInboundAt = overrides.lastInboundAt ?? NOW_SECONDS - 3600;
  return {
    sessionId: '01KADQ2M7S0V9T4JYB6G1H3E5R',
    openedAt: lastInboundAt,
    lastInboundAt,
    expiresAt: expiresAtOf(lastInboundAt),
    phase: 'open',
    ...overrides,
  };
};

/** A session that ends that many seconds after {@link NOW}. */
export const aSessionEndingIn = (seconds: number, overrides: Partial<Session> = {}): Session =>
  aSession({ lastInboundAt: NOW_SECONDS + seconds - expiresAtOf(0), ...overrides });

export const aConsent = (state: Consent['state'], effectiveAt = NOW_SECONDS - 30 * 86_400): Consent => ({
  state,
  effectiveAt,
});

export interface FactsOverrides {
  readonly now?: Date;
  readonly policy?: Partial<SendPolicy>;
  readonly session?: Session | undefined;
  readonly customer?: Partial<CustomerRecord>;
}

/** What a send is decided on: by default an open session, no recorded consent and a free slot. */
export const facts = ({ policy, customer, ...overrides }: FactsOverrides = {}): SendFacts => ({
  now: NOW,
  session: aSession(),
  policy: { sendMarginSeconds: 30, reengagementLimit: 1, ...policy },
  customer: { consent: UNKNOWN_CONSENT, ...customer },
  ...overrides,
});

/** What a caller posts to send; `to` as the caller writes it. */
export const aSendRequest = (overrides: Record<string, unknown> = {}) => ({
  channel: 'support',
  to: '+15550783881',
  content: { type: 'text', text: 'It is on its way.' } satisfies SendRequest['content'],
  ...overrides,
});
