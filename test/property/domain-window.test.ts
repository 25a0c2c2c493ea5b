import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countedAt, isOpen, isOpenBeyond, remainingSeconds } from '../../functions/shared/domain/window.ts';
import { anySession } from '../support/arbitraries.ts';
import { NOW, NOW_SECONDS } from '../support/builders.ts';

const anyNow = fc
  .integer({ min: -100_000_000, max: 100_000_000 })
  .map((milliseconds) => new Date(NOW.getTime() + milliseconds));
const anyMargin = fc.integer({ min: 0, max: 3600 });

describe('the window', () => {
  it('has at least one second remaining exactly while it is open, and never more than are left', () => {
    fc.assert(
      fc.property(anySession, anyNow, (session, now) => {
        const remaining = remainingSeconds(session, now);
        const leftMs = session.expiresAt * 1000 - now.getTime();

        expect(remaining > 0).toBe(isOpen(session, now));
        if (remaining > 0) expect(remaining).toBe(Math.ceil(leftMs / 1000));
      }),
    );
  });

  it('never opens again by the passing of time', () => {
    fc.assert(
      fc.property(anySession, anyNow, fc.nat(100_000_000), (session, now, later) => {
        const then = new Date(now.getTime() + later);

        expect(isOpen(session, then) && !isOpen(session, now)).toBe(false);
      }),
    );
  });

  it('has time for a session message exactly when now + margin < expiresAt and the provider has not closed it', () => {
    fc.assert(
      fc.property(anySession, anyMargin, anyNow, (session, margin, now) => {
        const intime = now.getTime() + margin * 1000 < session.expiresAt * 1000;

        expect(isOpenBeyond(session, margin, now)).toBe(intime && session.providerClosedFor !== session.lastInboundAt);
      }),
    );
  });

  it('ends at the same second however long a message was on its way', () => {
    const anyDelay = fc.integer({ min: -300_000, max: 7 * 86_400_000 });

    fc.assert(
      fc.property(anyNow, anyDelay, anyDelay, (sent, one, other) => {
        const arrivingAfter = (delay: number) => countedAt(sent.getTime(), new Date(sent.getTime() + delay));

        expect(arrivingAfter(one)).toBe(arrivingAfter(other));
        expect(arrivingAfter(one)).toBe(Math.floor(sent.getTime() / 1000));
      }),
    );
  });

  it('never counts a message later than 300 s after its arrival', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (providerAtMs) => {
        expect(countedAt(providerAtMs, NOW)).toBeLessThanOrEqual(NOW_SECONDS + 300);
      }),
    );
  });
});
