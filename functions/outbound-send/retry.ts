import { isRetryable, type SendOutcome } from '../shared/providers/provider.ts';

/** No attempt starts after this time, so that the last one, with a token to fetch, ends within the timeouts of the Lambda and of API Gateway. */
export const LAST_START_MS = 12_000;

const BASE_MS = 200;

/** Limits the attempts even when the provider asks for short pauses. */
const MAX_ATTEMPTS = 5;

/** WhatsApp's back-off for rate limits: 4^X seconds (error 131056). */
const rateLimitSeconds = (attempts: number): number => 4 ** attempts;

export interface RetryState {
  /** Failed attempts so far, at least 1. */
  readonly attempts: number;
  /** Since the first attempt started. */
  readonly elapsedMs: number;
  /** Between 0 and 1. */
  readonly random: number;
}

/** The provider's `Retry-After`, else its back-off, plus full jitter, so that senders do not retry in step. */
const pauseMs = (outcome: Extract<SendOutcome, { kind: 'unavailable' }>, { attempts, random }: RetryState): number => {
  const jitter = random * BASE_MS * 2 ** attempts;
  if (outcome.retryAfterSeconds !== undefined) return outcome.retryAfterSeconds * 1000 + jitter;
  return outcome.error.class === 'retry_later' ? rateLimitSeconds(attempts - 1) * 1000 + jitter : jitter;
};

/**
 * The pause before the next attempt, in milliseconds; `undefined` when there is none: the message was sent, rejected or
 * is in doubt, or no time is left. Only a message that certainly did not reach WhatsApp is sent again (R12).
 */
export const nextAttemptIn = (outcome: SendOutcome, state: RetryState): number | undefined => {
  if (outcome.kind !== 'unavailable' || !isRetryable(outcome.error) || state.attempts >= MAX_ATTEMPTS) return undefined;
  const pause = pauseMs(outcome, state);
  return state.elapsedMs + pause <= LAST_START_MS ? pause : undefined;
};

/** The caller's `Retry-After`: the provider's, else its back-off. */
export const retryAfterSeconds = (outcome: SendOutcome, attempts: number): number | undefined => {
  if (outcome.kind !== 'unavailable') return undefined;
  if (outcome.retryAfterSeconds !== undefined) return Math.max(1, outcome.retryAfterSeconds);
  return outcome.error.class === 'retry_later' ? rateLimitSeconds(attempts) : undefined;
};
