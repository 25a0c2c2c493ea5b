import { isRetryable, type SendOutcome } from '../shared/providers/provider.ts';

/** No attempt starts after this: the last one, with a token to fetch, ends within the Lambda's and API Gateway's time. */
const LAST_START_MS = 12_000;

const BASE_MS = 200;

/** However soon the provider lets us come back: a call is not a loop. */
const MAX_ATTEMPTS = 5;

/** WhatsApp's own back-off where it asks to slow down: 4^X seconds (error 131056). */
const slowDownSeconds = (attempts: number): number => 4 ** attempts;

export interface RetryState {
  /** Attempts that have failed so far, at least 1. */
  readonly attempts: number;
  /** Since the call began. */
  readonly elapsedMs: number;
  /** Between 0 and 1. */
  readonly random: number;
}

/** What the provider asks for, else its back-off, and full jitter on top, so that senders do not come back together. */
const pauseMs = (outcome: Extract<SendOutcome, { kind: 'unavailable' }>, { attempts, random }: RetryState): number => {
  const jitter = random * BASE_MS * 2 ** attempts;
  if (outcome.retryAfterSeconds !== undefined) return outcome.retryAfterSeconds * 1000 + jitter;
  return outcome.error.class === 'retry_later' ? slowDownSeconds(attempts - 1) * 1000 + jitter : jitter;
};

/**
 * How long to wait before the next attempt, in milliseconds; `undefined` when there is none: the message was taken,
 * refused or is in doubt, or the time is used up. Only what certainly did not reach WhatsApp is tried again (R12).
 */
export const nextAttemptIn = (outcome: SendOutcome, state: RetryState): number | undefined => {
  if (outcome.kind !== 'unavailable' || !isRetryable(outcome.error) || state.attempts >= MAX_ATTEMPTS) return undefined;
  const pause = pauseMs(outcome, state);
  return state.elapsedMs + pause <= LAST_START_MS ? pause : undefined;
};

/** When a caller may come back: what the provider asks for, else its back-off. */
export const comeBackSeconds = (outcome: SendOutcome, attempts: number): number | undefined => {
  if (outcome.kind !== 'unavailable') return undefined;
  if (outcome.retryAfterSeconds !== undefined) return Math.max(1, outcome.retryAfterSeconds);
  return outcome.error.class === 'retry_later' ? slowDownSeconds(attempts) : undefined;
};
