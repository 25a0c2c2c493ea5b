import type { Consent } from './consent.ts';
import { type CallerKind, isHuman, type OwnerRecord, ownerAt } from './owner.ts';
import { epochSeconds, isOpen, isOpenBeyond, remainingSeconds, type Session } from './window.ts';

/** What a caller can do after a refusal. */
export const NEXT_ACTIONS = [
  'none',
  'fix_request',
  'send_template',
  'collect_opt_in',
  'wait_for_customer',
  'wait',
  'retry_later',
  'fix_template',
  'fix_account',
] as const;
export type NextAction = (typeof NEXT_ACTIONS)[number];

/** The re-engagement slot (R8): the ids of the templates that hold it, and when it was last taken, in whole epoch seconds. */
export interface ReengagementSlot {
  readonly usedAt: number;
  readonly holders: readonly string[];
}

/** What is stored of a customer beyond the session; times in whole epoch seconds. */
export interface CustomerRecord {
  readonly consent: Consent;
  /** Counts the changes of consent that were applied. */
  readonly consentVersion?: number | undefined;
  /** The consent to marketing messages alone. */
  readonly marketing?: Consent | undefined;
  readonly lastOpenedAt?: number | undefined;
  /** The last message that counts, of the sessions that have ended. */
  readonly lastInboundAt?: number | undefined;
  readonly slot?: ReengagementSlot | undefined;
  readonly owner?: OwnerRecord | undefined;
}

/** The rules of a channel that a decision depends on. */
export interface SendPolicy {
  readonly sendMarginSeconds: number;
  readonly reengagementLimit: number;
}

/** Everything that a decision depends on. */
export interface SendFacts {
  readonly now: Date;
  readonly policy: SendPolicy;
  readonly session: Session | undefined;
  readonly customer: CustomerRecord;
}

/** Who sends, where the caller says so. */
interface Sender {
  readonly as?: CallerKind | undefined;
}

/** A template whose registry entry and parameters are already checked. */
export interface TemplateIntent extends Sender {
  readonly kind: 'template';
  readonly purpose: 'reengagement' | 'notification';
  /** `MARKETING`, `UTILITY`, `AUTHENTICATION`. */
  readonly category?: string | undefined;
}
export type SendIntent = ({ readonly kind: 'session' } & Sender) | TemplateIntent;

export interface SendAllowed {
  readonly allowed: true;
  readonly sentAs: 'session' | 'template';
  readonly usesReengagement: boolean;
}

export interface SendRefused {
  readonly allowed: false;
  readonly code: 'window_closed' | 'not_opted_in' | 'opted_out' | 'reengagement_used' | 'owned_by_human';
  readonly nextAction: NextAction;
  /** A sentence for a support agent: what happened, and what to do. */
  readonly detail: string;
}

export type SendDecision = SendAllowed | SendRefused;

const refused = (code: SendRefused['code'], nextAction: NextAction, detail: string): SendRefused => ({
  allowed: false,
  code,
  nextAction,
  detail,
});

/** The slot is used exactly when a template holds it that was sent after the last session opened (R8). */
const isSlotUsed = ({ slot, lastOpenedAt }: CustomerRecord): boolean =>
  slot !== undefined && slot.holders.length > 0 && slot.usedAt > (lastOpenedAt ?? -1);

/**
 * When a template that is decided on now takes the slot, in whole epoch seconds: always after `lastOpenedAt`, even where the
 * provider's clock is ahead of ours, so that the slot counts as used (R8).
 */
export const slotTakenAt = (lastOpenedAt: number | undefined, now: Date): number =>
  Math.max(epochSeconds(now), (lastOpenedAt ?? -1) + 1);

/** The slot with one more holder. */
export const slotWith = (record: CustomerRecord, holder: string, now: Date): ReengagementSlot => ({
  usedAt: slotTakenAt(record.lastOpenedAt, now),
  holders: [...(isSlotUsed(record) ? (record.slot?.holders ?? []) : []), holder],
});

/** Whether one more template may be sent to re-engage the customer (R8). */
export const isReengagementFree = (record: CustomerRecord, limit: number): boolean =>
  !isSlotUsed(record) || (record.slot?.holders.length ?? 0) < limit;

/** Whether session messages are permitted: after an opt-out only inside a window that a later message of the customer opened (R9). */
const mayReply = ({ consent }: CustomerRecord, session: Session | undefined): boolean =>
  consent.state !== 'opted_out' || (session !== undefined && session.lastInboundAt > consent.effectiveAt);

const OPTED_OUT = refused(
  'opted_out',
  'none',
  'The customer has opted out of all messages from this business. Send nothing until the customer writes again or opts in again.',
);

const MARKETING_STOPPED = refused(
  'opted_out',
  'none',
  'The customer has opted out of marketing messages (category MARKETING). Templates of other categories may still be sent.',
);

const OWNED_BY_HUMAN = refused(
  'owned_by_human',
  'wait',
  'A person holds this conversation, so that no bot writes in between: wait until it is released (event session.owner_changed).',
);

/** An opt-out of marketing ends when the customer opts in again, to marketing or to everything (R9). */
const isMarketingStopped = ({ consent, marketing }: CustomerRecord): boolean =>
  marketing?.state === 'opted_out' && !(consent.state === 'opted_in' && consent.effectiveAt > marketing.effectiveAt);

const closedDetail = (input: SendFacts): string => {
  const { session, now, policy } = input;
  if (session === undefined)
    return 'The customer has no open customer care session: free-form messages can be sent only after the customer writes.';
  if (session.providerClosedFor === session.lastInboundAt)
    return 'WhatsApp reported that the customer care session is closed: free-form messages can be sent only after the customer writes again.';
  if (isOpen(session, now))
    return `The customer care session ends in ${remainingSeconds(session, now)} s, within the safety margin of ${policy.sendMarginSeconds} s: a free-form message might reach WhatsApp too late. Send a template.`;
  return 'The customer care session has ended: 24 hours have passed since the last message of the customer that counts. Free-form messages can be sent only after the customer writes again.';
};

/** What to do when a session message is refused: send a template, or first what a template requires (R6, R7, R8). */
const nextActionWhenClosed = (input: SendFacts): NextAction => {
  const template = decideTemplate(input, { kind: 'template', purpose: 'reengagement' });
  return template.allowed ? 'send_template' : template.nextAction;
};

const decideSession = (input: SendFacts): SendDecision => {
  const { session, customer, policy, now } = input;
  if (!mayReply(customer, session)) return OPTED_OUT;
  if (isOpenBeyond(session, policy.sendMarginSeconds, now))
    return { allowed: true, sentAs: 'session', usesReengagement: false };
  if (customer.consent.state === 'opted_out') return OPTED_OUT;
  return refused('window_closed', nextActionWhenClosed(input), closedDetail(input));
};

const decideTemplate = (input: SendFacts, { purpose, category }: TemplateIntent): SendDecision => {
  const { session, customer, policy, now } = input;
  if (customer.consent.state === 'opted_out') return OPTED_OUT;
  if (category === 'MARKETING' && isMarketingStopped(customer)) return MARKETING_STOPPED;
  if (isOpen(session, now)) return { allowed: true, sentAs: 'template', usesReengagement: false };
  if (customer.consent.state !== 'opted_in')
    return refused(
      'not_opted_in',
      'collect_opt_in',
      'The customer care session is closed and the customer has not opted in: record an opt-in before sending a template.',
    );
  if (purpose === 'notification') return { allowed: true, sentAs: 'template', usesReengagement: false };
  if (isReengagementFree(customer, policy.reengagementLimit))
    return { allowed: true, sentAs: 'template', usesReengagement: true };
  return refused(
    'reengagement_used',
    'wait_for_customer',
    'The customer has not answered the template that was already sent to re-open this conversation: wait until the customer writes.',
  );
};

/** Decides whether a message may be sent now; a refusal gives the reason and what to do (R5–R9). */
export const decideSend = (input: SendFacts, intent: SendIntent): SendDecision => {
  const { customer, session, now } = input;
  if (intent.as === 'bot' && isHuman(ownerAt(customer.owner, session, now))) return OWNED_BY_HUMAN;
  return intent.kind === 'session' ? decideSession(input) : decideTemplate(input, intent);
};
