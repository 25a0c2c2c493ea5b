import { describe, expect, it } from 'vitest';
import { nextAttemptIn, retryAfterSeconds } from '../../../functions/outbound-send/retry.ts';
import type { ErrorClass, SendOutcome } from '../../../functions/shared/providers/provider.ts';

const unavailable = (errorClass: ErrorClass, retryAfterSeconds?: number): SendOutcome => ({
  kind: 'unavailable',
  error: { code: '1', title: 'no', class: errorClass },
  retryAfterSeconds,
});
const error = { code: '1', title: 'no', class: 'never' } as const;
const first = { attempts: 1, elapsedMs: 0, random: 1 };

describe('the next attempt', () => {
  it.each<[string, SendOutcome]>([
    ['was taken', { kind: 'sent', providerMessageId: 'wamid.1' }],
    ['was refused', { kind: 'rejected', error }],
    ['is in doubt', { kind: 'in_doubt', error }],
    ['needs a person to act', unavailable('alert')],
  ])('does not come when the message %s', (_, outcome) => {
    expect(nextAttemptIn(outcome, first)).toBeUndefined();
  });

  it('comes anywhere within a bound that doubles', () => {
    const outcome = unavailable('retry_now');

    expect([1, 2, 3].map((attempts) => nextAttemptIn(outcome, { ...first, attempts }))).toEqual([400, 800, 1_600]);
    expect(nextAttemptIn(outcome, { ...first, random: 0 })).toBe(0);
  });

  it('comes after 4^X seconds where the provider asks to slow down', () => {
    const outcome = unavailable('retry_later');

    expect([1, 2].map((attempts) => nextAttemptIn(outcome, { ...first, attempts, random: 0 }))).toEqual([1_000, 4_000]);
    expect([1, 2].map((attempts) => nextAttemptIn(outcome, { ...first, attempts }))).toEqual([1_400, 4_800]);
  });

  it('comes when the provider says, if that leaves time for it', () => {
    const calm = { ...first, random: 0 };
    expect(nextAttemptIn(unavailable('retry_now', 12), calm)).toBe(12_000);
    expect(nextAttemptIn(unavailable('retry_now', 13), calm)).toBeUndefined();
    expect(nextAttemptIn(unavailable('retry_now', 4), { ...calm, elapsedMs: 8_001 })).toBeUndefined();
  });

  it('comes a few times only, however soon the provider lets us come back', () => {
    expect(nextAttemptIn(unavailable('retry_now', 0), { ...first, attempts: 4 })).toBeGreaterThan(0);
    expect(nextAttemptIn(unavailable('retry_now', 0), { ...first, attempts: 5 })).toBeUndefined();
  });
});

describe('the moment to come back', () => {
  it('is what the provider asks for, else its back-off, else left open', () => {
    expect(retryAfterSeconds(unavailable('retry_now', 600), 1)).toBe(600);
    expect(retryAfterSeconds(unavailable('retry_now', 0), 1)).toBe(1);
    expect(retryAfterSeconds(unavailable('retry_later'), 2)).toBe(16);
    expect(retryAfterSeconds(unavailable('retry_now'), 2)).toBeUndefined();
    expect(retryAfterSeconds({ kind: 'rejected', error }, 1)).toBeUndefined();
  });
});
