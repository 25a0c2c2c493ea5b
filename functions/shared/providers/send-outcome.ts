import { type CallOutcome, retryAfterSeconds } from '../network/http-call.ts';
import {
  isRetryable,
  type OutboundMessage,
  type ProviderError,
  type RepeatableOutcome,
  type SendOutcome,
} from './provider.ts';

export type Answer = Extract<CallOutcome, { kind: 'answered' }>;

/**
 * Longer than the 10 s after which fetch itself gives up connecting: that failure says that nothing was sent, whereas
 * our own timeout would leave the send in doubt.
 */
export const SEND_TIMEOUT_MS = 12_000;

/** Whole seconds that a message may still take, rounded down; `Infinity` where no window ends (R7). */
export const secondsLeft = ({ endsAtMs }: Pick<OutboundMessage, 'endsAtMs'>, now: Date): number =>
  endsAtMs === undefined ? Number.POSITIVE_INFINITY : Math.floor((endsAtMs - now.getTime()) / 1000);

/** Whether the window has ended: checked with nothing but the call after it (R7). */
export const hasEnded = ({ endsAtMs }: Pick<OutboundMessage, 'endsAtMs'>, now: Date): boolean =>
  endsAtMs !== undefined && now.getTime() >= endsAtMs;

export const TOO_LATE = { kind: 'too_late' } as const satisfies SendOutcome;

/** Maps the one call of a send to its outcome (R12): only without a connection is it certain that nothing was sent. */
export const toSendOutcome = (
  call: CallOutcome,
  provider: string,
  fromAnswer: (answer: Answer) => SendOutcome,
): SendOutcome => {
  switch (call.kind) {
    case 'answered':
      return fromAnswer(call);
    case 'not_sent':
      return {
        kind: 'unavailable',
        error: { code: call.code, title: `${provider} could not be reached`, class: 'retry_now' },
      };
    case 'unknown':
      return { kind: 'in_doubt', error: { code: call.code, title: `${provider} did not answer`, class: 'never' } };
  }
};

/** The outcome of a send that the provider refused with an error: try again later, or not at all. */
export const toRefused = ({ headers }: Answer, error: ProviderError): SendOutcome =>
  isRetryable(error)
    ? { kind: 'unavailable', error, retryAfterSeconds: retryAfterSeconds(headers) }
    : { kind: 'rejected', error };

/** Maps a call that may be repeated, whose failures are those of a send. */
export const toRepeatableOutcome = (
  call: CallOutcome,
  toOutcome: (call: CallOutcome) => SendOutcome,
): RepeatableOutcome => {
  if (call.kind === 'answered' && call.status >= 200 && call.status < 300) return { kind: 'done' };
  const outcome = toOutcome(call);
  switch (outcome.kind) {
    case 'rejected':
    case 'unavailable':
      return outcome;
    case 'in_doubt':
      return { kind: 'unavailable', error: { ...outcome.error, class: 'retry_now' } };
    case 'sent':
    case 'held':
    case 'too_late':
      return { kind: 'done' };
  }
};
