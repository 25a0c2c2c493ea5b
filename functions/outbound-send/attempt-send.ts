import { errorChange } from '../shared/domain/consent.ts';
import { certainSeconds } from '../shared/domain/window.ts';
import type { ProblemDetails } from '../shared/http/problem.ts';
import type { SendOutcome } from '../shared/providers/provider.ts';
import type { LogCode, MetricName } from '../shared/runtime/log.ts';
import type { ClaimedSend } from '../shared/store/message/claim-send.ts';
import type { SendState } from '../shared/store/message/load-send-state.ts';
import type { StatusUpdate } from '../shared/store/message/update-status.ts';
import { type AllowedSend, type Case, decide } from './decide.ts';
import { comeBackSeconds, nextAttemptIn } from './retry.ts';
import type { SendRuntime } from './runtime.ts';

/** A send that stands recorded and may go. */
export interface Attempt {
  readonly decided: Case;
  readonly verdict: AllowedSend;
  readonly begun: ClaimedSend;
  /** The provider's id of the message that is answered or reacted to. */
  readonly quoted: string | undefined;
  /** Reads again what the decision is made on. */
  readonly look: () => Promise<SendState>;
}

export type AttemptOutcome =
  | SendOutcome
  /** What changed since the last attempt forbids another one; nothing was sent. */
  | { readonly kind: 'overtaken'; readonly problem: ProblemDetails };

const callOnce = ({ decided, verdict, begun, quoted }: Attempt): Promise<SendOutcome> =>
  decided.sender.send({
    channel: decided.channel,
    to: decided.request.to,
    content: verdict.content,
    template: verdict.template,
    reference: begun.reference,
    replyTo: quoted,
    expiresInSeconds: certainSeconds(decided.state.session, decided.now),
  });

/** The slot that this very send holds does not stand in its own way. */
const withoutOwnHold = (state: SendState, id: string): SendState => {
  const { slot } = state.record;
  if (slot === undefined) return state;
  return {
    ...state,
    record: { ...state.record, slot: { ...slot, holders: slot.holders.filter((holder) => holder !== id) } },
  };
};

/** What was recorded is what goes: another content, template or slot than that needs a send of its own. */
const isAsRecorded = (recorded: AllowedSend, now: AllowedSend): boolean =>
  now.usedFallback === recorded.usedFallback &&
  now.decision.usesReengagement === recorded.decision.usesReengagement &&
  now.template?.language === recorded.template?.language &&
  now.template?.version === recorded.template?.version;

const CHANGED: ProblemDetails = {
  code: 'provider_unavailable',
  detail: 'What the send was decided on changed before the provider took it: nothing was sent, send it again.',
  retryAfterSeconds: 1,
};

/** State and consent are read again before every further attempt, so that an opt-out beats it (R9). */
const lookAgain = async ({ now }: SendRuntime, attempt: Attempt): Promise<Attempt | ProblemDetails> => {
  const { verdict: recorded, begun, look } = attempt;
  const decided = { ...attempt.decided, state: withoutOwnHold(await look(), begun.id), now: now() };
  const verdict = decide(decided);
  if (!verdict.allowed) return verdict.problem;
  return isAsRecorded(recorded, verdict) ? { ...attempt, decided, verdict } : CHANGED;
};

interface Attempted {
  readonly outcome: AttemptOutcome;
  /** The attempt that it came of: the last one. */
  readonly attempt: Attempt;
}

/** Without a second look there is no second attempt; the first has sent nothing, and that stays known. */
const unreadable = ({ log }: SendRuntime, { begun }: Attempt, fault: unknown): undefined => {
  log.error('outbound-send.look-failed', { channel: begun.channel, messageId: begun.id }, fault);
  return undefined;
};

const withComeBack = (outcome: SendOutcome, attempts: number): SendOutcome =>
  outcome.kind === 'unavailable' ? { ...outcome, retryAfterSeconds: comeBackSeconds(outcome, attempts) } : outcome;

const callUntilTaken = async (runtime: SendRuntime, first: Attempt): Promise<Attempted> => {
  const started = runtime.elapsed();
  let attempt = first;
  for (let attempts = 1; ; attempts += 1) {
    const outcome = await callOnce(attempt);
    const elapsedMs = runtime.elapsed() - started;
    const pauseMs = nextAttemptIn(outcome, { attempts, elapsedMs, random: runtime.random() });
    if (pauseMs === undefined) return { outcome: withComeBack(outcome, attempts), attempt };
    await runtime.pause(pauseMs);
    const again = await lookAgain(runtime, attempt).catch((fault: unknown) => unreadable(runtime, attempt, fault));
    if (again === undefined) return { outcome: withComeBack(outcome, attempts), attempt };
    if ('code' in again) return { outcome: { kind: 'overtaken', problem: again }, attempt };
    attempt = again;
  }
};

const toMove = (outcome: AttemptOutcome, now: Date): StatusUpdate => {
  const base = { atMs: now.getTime(), by: 'service' } as const;
  switch (outcome.kind) {
    case 'sent':
      return { ...base, to: 'sent', providerMessageId: outcome.providerMessageId };
    case 'in_doubt':
      return { ...base, to: 'in_doubt', error: outcome.error };
    case 'rejected':
      return { ...base, to: 'failed', error: outcome.error };
    case 'unavailable':
      return { ...base, to: 'failed', error: outcome.error, released: true };
    case 'overtaken':
      return {
        ...base,
        to: 'failed',
        error: { code: outcome.problem.code, title: 'Refused before another attempt', class: 'never' },
        released: true,
      };
  }
};

const REPORTS = {
  sent: ['outbound-send.sent', 'MessagesSent'],
  in_doubt: ['outbound-send.in-doubt', 'SendsInDoubt'],
  rejected: ['outbound-send.rejected', 'SendsRejected'],
  unavailable: ['outbound-send.unavailable', 'SendsUnavailable'],
  overtaken: ['outbound-send.overtaken', 'SendsRefused'],
} as const satisfies Record<AttemptOutcome['kind'], readonly [LogCode, MetricName]>;

const report = ({ log }: SendRuntime, { begun, verdict }: Attempt, outcome: AttemptOutcome): void => {
  const [code, metric] = REPORTS[outcome.kind];
  log.count(metric);
  const provider = 'error' in outcome ? { provider: outcome.error.code, class: outcome.error.class } : {};
  if ('error' in outcome) log.count('ProviderErrors', 1, { class: outcome.error.class });
  log.info(code, { channel: begun.channel, messageId: begun.id, type: verdict.content.type, ...provider });
};

/** What a refusal of the provider says about the customer, kept before the caller hears of it (R9, R10). */
const learn = async ({ store, log, now }: SendRuntime, { decided, begun }: Attempt, outcome: AttemptOutcome) => {
  if (outcome.kind !== 'rejected') return;
  const { channel, customer, id } = begun;
  const decidedOn = decided.state.session?.lastInboundAt;
  if (outcome.error.class === 'window_closed' && decidedOn !== undefined) {
    const closed = await store.closeWindow({ channel, customer, decidedOn, atMs: now().getTime() });
    if (closed) log.count('ProviderDisagreements');
  }
  const change = errorChange({ messageId: id, code: outcome.error.code, atMs: now().getTime() });
  if (change === undefined) return;
  const { kind } = await store.recordConsent({ channel, customer, now: now(), change });
  if (kind === 'applied') log.count('ConsentsChanged');
};

/** Calls the provider, again only while nothing can have reached it, and records what became of the send. */
export const callProvider = async (runtime: SendRuntime, first: Attempt): Promise<AttemptOutcome> => {
  const { outcome, attempt } = await callUntilTaken(runtime, first);
  report(runtime, attempt, outcome);
  const { channel, id } = attempt.begun;
  // The caller must hear what the provider said, whatever of it can be written; a status or the sweep settles the record.
  const unwritten = (fault: unknown) => {
    runtime.log.error('outbound-send.outcome-unwritten', { channel, messageId: id, status: outcome.kind }, fault);
    runtime.log.count('OutcomesUnwritten');
  };
  await runtime.store.completeSend(attempt.begun, toMove(outcome, runtime.now())).catch(unwritten);
  await learn(runtime, attempt, outcome).catch(unwritten);
  return outcome;
};
