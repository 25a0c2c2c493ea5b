import { epochSeconds, isOpen, isOpenBeyond, remainingSeconds, type Session } from './window.ts';

/** The way on after a refusal. */
export const NEXT_ACTIONS = [
  'none',
  'fix_request',
  'send_template',
  'collect_opt_in',
  'wait_for_customer',
  'retry_later',
  'fix_template',
] as const;
export type NextAction = (typeof NEXT_ACTIONS)[number];

/** The customer's recorded permission (R9); `effectiveAt` in whole epoch seconds. */
export interface Consent {
  readonly state: 'unknown' | 'opted_in' | 'opted_out';
  readonly effectiveAt: number;
}

export const UNKNOWN_CONSENT: Consent = { state: 'unknown', effectiveAt: 0 };

/** Who re-engaged the customer since the last session, and when (R8); `usedAt` in whole epoch seconds. */
export interface ReengagementSlot {
  readonly usedAt: number;
  readonly holders: readonly string[];
}

/** What outlives the window. */
export interface CustomerRecord {
  readonly consent: Consent;
  /** Counts the changes of consent that were applied. */
  readonly consentVersion?: number | undefined;
  /** What the customer has said of marketing alone. */
  readonly marketing?: Consent | undefined;
  readonly lastOpenedAt?: number | undefined;
  /** The last message that counts of the sessions that have ended. */
  readonly lastInboundAt?: number | undefined;
  readonly slot?: ReengagementSlot | undefined;
}

/** The rules of a channel that a decision depends on. */
export interface SendPolicy {
  readonly sendMarginSeconds: number;
  readonly reengagementLimit: number;
}

/** Everything the decision is made on: no clock, no I/O. */
export interface SendFacts {
  readonly now: Date;
  readonly policy: SendPolicy;
  readonly session: Session | undefined;
  readonly customer: CustomerRecord;
}

/** A template whose registry entry and parameters have been checked already. */
export interface TemplateIntent {
  readonly kind: 'template';
  readonly purpose: 'reengagement' | 'notification';
  /** `MARKETING`, `UTILITY`, `AUTHENTICATION`. */
  readonly category?: string | undefined;
}
export type SendIntent = { readonly kind: 'session' } | TemplateIntent;

export interface Allowed {
  readonly allowed: true;
  readonly sentAs: 'session' | 'template';
  readonly usesReengagement: boolean;
}

export interface Refused {
  readonly allowed: false;
  readonly code: 'window_closed' | 'not_opted_in' | 'opted_out' | 'reengagement_used';
  readonly nextAction: NextAction;
  /** A sentence a support agent understands. */
  readonly detail: string;
}

export type SendDecision = Allowed | Refused;

const refused = (code: Refused['code'], nextAction: NextAction, detail: string): Refused => ({
  allowed: false,
  code,
  nextAction,
  detail,
});

/** The slot is used exactly when someone holds it and took it after the last session was opened (R8). */
const isSlotUsed = ({ slot, lastOpenedAt }: CustomerRecord): boolean =>
  slot !== undefined && slot.holders.length > 0 && slot.usedAt > (lastOpenedAt ?? -1);

/**
 * The slot once one more message holds it: taken after the last opening in any case, also when the provider's clock
 * runs ahead of ours, so that it counts as used (R8).
 */
export const slotWith = (record: CustomerRecord, holder: string, now: Date): ReengagementSlot => ({
  usedAt: Math.max(epochSeconds(now), (record.lastOpenedAt ?? -1) + 1),
  holders: [...(isSlotUsed(record) ? (record.slot?.holders ?? []) : []), holder],
});

/** Whether one more template may re-engage the customer after the last session (R8). */
export const isReengagementFree = (record: CustomerRecord, limit: number): boolean =>
  !isSlotUsed(record) || (record.slot?.holders.length ?? 0) < limit;

/** A later message of the customer lets the business answer inside the window it opened, despite an opt-out (R9). */
const mayAnswer = ({ consent }: CustomerRecord, session: Session | undefined): boolean =>
  consent.state !== 'opted_out' || (session !== undefined && session.lastInboundAt > consent.effectiveAt);

const OPTED_OUT = refused(
  'opted_out',
  'none',
  'The customer has opted out of messages from this business. Only a new message of the customer or a new opt-in changes that.',
);

const MARKETING_STOPPED = refused(
  'opted_out',
  'none',
  'The customer has opted out of marketing messages (category MARKETING). Templates of other categories may still go.',
);

/** A stop for marketing holds until the customer opts in again, to marketing or to everything (R9). */
const isMarketingStopped = ({ consent, marketing }: CustomerRecord): boolean =>
  marketing?.state === 'opted_out' && !(consent.state === 'opted_in' && consent.effectiveAt > marketing.effectiveAt);

const closedDetail = (facts: SendFacts): string => {
  const { session, now, policy } = facts;
  if (session === undefined)
    return 'The customer has no open customer care session: free-form messages cannot be sent.';
  if (session.providerClosedFor === session.lastInboundAt)
    return 'WhatsApp holds the customer care session to be closed: free-form messages cannot be sent until the customer writes again.';
  if (isOpen(session, now))
    return `The customer care session ends in ${remainingSeconds(session, now)} s, inside the safety margin of ${policy.sendMarginSeconds} s: a free-form message might arrive too late.`;
  return 'The customer care session has ended: 24 hours have passed since the last message of the customer that counts.';
};

/** The way on when a session message cannot go: the first of the template's own conditions that fails (R6, R7, R8). */
const wayOutOfClosed = (facts: SendFacts): NextAction => {
  const template = decideTemplate(facts, { kind: 'template', purpose: 'reengagement' });
  return template.allowed ? 'send_template' : template.nextAction;
};

const decideSession = (facts: SendFacts): SendDecision => {
  const { session, customer, policy, now } = facts;
  if (!mayAnswer(customer, session)) return OPTED_OUT;
  if (isOpenBeyond(session, policy.sendMarginSeconds, now))
    return { allowed: true, sentAs: 'session', usesReengagement: false };
  if (customer.consent.state === 'opted_out') return OPTED_OUT;
  return refused('window_closed', wayOutOfClosed(facts), closedDetail(facts));
};

const decideTemplate = (facts: SendFacts, { purpose, category }: TemplateIntent): SendDecision => {
  const { session, customer, policy, now } = facts;
  if (customer.consent.state === 'opted_out') return OPTED_OUT;
  if (category === 'MARKETING' && isMarketingStopped(customer)) return MARKETING_STOPPED;
  if (isOpen(session, now)) return { allowed: true, sentAs: 'template', usesReengagement: false };
  if (customer.consent.state !== 'opted_in')
    return refused(
      'not_opted_in',
      'collect_opt_in',
      'The customer care session is closed and the customer has given no opt-in: a template may go only to an opted-in customer.',
    );
  if (purpose === 'notification') return { allowed: true, sentAs: 'template', usesReengagement: false };
  if (isReengagementFree(customer, policy.reengagementLimit))
    return { allowed: true, sentAs: 'template', usesReengagement: true };
  return refused(
    'reengagement_used',
    'wait_for_customer',
    'A template has already been sent to re-open this conversation: wait until the customer writes again.',
  );
};

/** Decides whether a message may go now, and says why and what else to do when it may not (R5–R9). */
export const decideSend = (facts: SendFacts, intent: SendIntent): SendDecision =>
  intent.kind === 'session' ? decideSession(facts) : decideTemplate(facts, intent);
