import type { ProblemDetails } from '../shared/http/problem.ts';
import type { Answer } from '../shared/http/respond.ts';
import { NEXT_ACTION, type ProviderError, type SendOutcome } from '../shared/providers/provider.ts';
import type { LogCode } from '../shared/runtime/log-catalogue.ts';
import type { CounterName } from '../shared/runtime/metric-catalogue.ts';
import type { StatusUpdate } from '../shared/store/message/update-status.ts';
import { type AnswerBase, answerSent } from './send-answer.ts';

/** The outcome of a claimed send. */
export type Outcome =
  | Exclude<SendOutcome, { readonly kind: 'too_late' }>
  /** The window has ended, or the reloaded state forbids another attempt; nothing was sent. */
  | { readonly kind: 'overtaken'; readonly problem: ProblemDetails };

type Kind = Outcome['kind'];

/** Log code and metric of each outcome. */
export const REPORTS = {
  sent: ['outbound-send.sent', 'MessagesSent'],
  held: ['outbound-send.held', 'MessagesHeld'],
  in_doubt: ['outbound-send.in-doubt', 'SendsInDoubt'],
  rejected: ['outbound-send.rejected', 'SendsRejected'],
  unavailable: ['outbound-send.unavailable', 'SendsUnavailable'],
  overtaken: ['outbound-send.overtaken', 'SendsRefused'],
} as const satisfies Record<Kind, readonly [LogCode, CounterName]>;

/** Whether a slot that the send took stays used (R8). */
export const KEEPS_SLOT: Readonly<Record<Kind, boolean>> = {
  sent: true,
  held: true,
  in_doubt: true,
  rejected: false,
  unavailable: false,
  overtaken: false,
};

/** The status that is written to the record of the message; `released` frees its id for a repeat (R11). */
export const toStatusUpdate = (outcome: Outcome, now: Date): StatusUpdate => {
  const base = { atMs: now.getTime(), by: 'service' } as const;
  switch (outcome.kind) {
    case 'sent':
    case 'held':
      return { ...base, to: outcome.kind, providerMessageId: outcome.providerMessageId };
    case 'in_doubt':
      return { ...base, to: 'in_doubt', error: outcome.error };
    case 'rejected':
      return { ...base, to: 'failed', error: outcome.error };
    case 'unavailable':
      return { ...base, to: 'failed', error: outcome.error, released: true };
    case 'overtaken': {
      const error = { code: outcome.problem.code, title: 'Refused before the call to the provider', class: 'never' };
      return { ...base, to: 'failed', error, released: true };
    }
  }
};

/** The `Retry-After` where the provider gives none. */
export const RETRY_AFTER_SECONDS = 5;

const isKnownClass = (name: string): name is ProviderError['class'] => Object.hasOwn(NEXT_ACTION, name);

/** The problem of a message that the provider rejected. */
export const toRejection = (
  error: Pick<ProviderError, 'code' | 'title'> & { readonly class: string },
  { id, session }: AnswerBase,
): ProblemDetails => {
  const provider = { code: error.code, title: error.title };
  if (error.class === 'window_closed')
    return {
      code: 'provider_window_closed',
      detail:
        'WhatsApp rejected the message because it considers the customer care session closed. Nothing reached the customer.',
      id,
      session,
      provider,
    };
  return {
    code: 'provider_rejected',
    detail: `The provider rejected the message with code ${error.code}. It will not reach the customer.`,
    nextAction: isKnownClass(error.class) ? NEXT_ACTION[error.class] : 'none',
    id,
    session,
    provider,
  };
};

/** The answer to the caller. */
export const toAnswer = (outcome: Outcome, base: AnswerBase): Answer => {
  switch (outcome.kind) {
    case 'sent':
    case 'held':
      return answerSent(base, outcome.kind, outcome.providerMessageId);
    case 'in_doubt':
      return answerSent(base, 'in_doubt', undefined);
    case 'rejected':
      return toRejection(outcome.error, base);
    case 'unavailable':
      return {
        code: outcome.error.class === 'retry_later' ? 'provider_rate_limited' : 'provider_unavailable',
        detail: 'The provider did not accept the message. Nothing was sent: send it again after Retry-After.',
        retryAfterSeconds: outcome.retryAfterSeconds ?? RETRY_AFTER_SECONDS,
        id: base.id,
        session: base.session,
        provider: { code: outcome.error.code, title: outcome.error.title },
      };
    case 'overtaken':
      return { ...outcome.problem, id: base.id };
  }
};
