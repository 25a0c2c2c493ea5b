import { describe, expect, it } from 'vitest';
import {
  countedAt,
  epochSeconds,
  expiresAtOf,
  isOpen,
  isOpenBeyond,
  isSkewed,
  isTooLate,
  remainingSeconds,
} from '../../../functions/shared/domain/window.ts';
import { aSession, NOW, NOW_SECONDS } from '../../support/builders.ts';

const EXPIRES_AT = NOW_SECONDS;
const session = aSession({ lastInboundAt: EXPIRES_AT - 86_400 });

/** Milliseconds counted from `expiresAt`. */
const atExpiryPlus = (milliseconds: number) => new Date(EXPIRES_AT * 1000 + milliseconds);

describe('the window', () => {
  it('ends 86,400 seconds after the message that guarantees it', () => {
    expect(expiresAtOf(NOW_SECONDS)).toBe(NOW_SECONDS + 86_400);
  });

  it('is closed when there is no session', () => {
    expect(isOpen(undefined, NOW)).toBe(false);
    expect(isOpenBeyond(undefined, 0, NOW)).toBe(false);
    expect(remainingSeconds(undefined, NOW)).toBe(0);
  });

  it.each([
    { milliseconds: -86_400_000, open: true, remaining: 86_400 },
    { milliseconds: -1_001, open: true, remaining: 2 },
    { milliseconds: -1_000, open: true, remaining: 1 },
    { milliseconds: -999, open: true, remaining: 1 },
    { milliseconds: -1, open: true, remaining: 1 },
    { milliseconds: 0, open: false, remaining: 0 },
    { milliseconds: 1, open: false, remaining: 0 },
    { milliseconds: 1_000, open: false, remaining: 0 },
  ])('at $milliseconds ms from expiresAt: open $open, $remaining s remaining', ({ milliseconds, open, remaining }) => {
    const now = atExpiryPlus(milliseconds);

    expect(isOpen(session, now)).toBe(open);
    expect(remainingSeconds(session, now)).toBe(remaining);
  });

  it('is judged by expiresAt, not by the phase that a sweep has or has not written yet', () => {
    expect(isOpen(aSession({ phase: 'closed' }), NOW)).toBe(true);
    expect(isOpen({ ...session, phase: 'open' }, atExpiryPlus(0))).toBe(false);
  });

  it.each([0, 1, 30, 300, 3600])('gives a session message time until the margin of %i s begins', (margin) => {
    const fromMargin = (milliseconds: number) => atExpiryPlus(milliseconds - margin * 1000);

    expect(isOpenBeyond(session, margin, fromMargin(-1_000))).toBe(true);
    expect(isOpenBeyond(session, margin, fromMargin(-1))).toBe(true);
    expect(isOpenBeyond(session, margin, fromMargin(0))).toBe(false);
    expect(isOpenBeyond(session, margin, fromMargin(1))).toBe(false);
    expect(isOpenBeyond(session, margin, fromMargin(1_000))).toBe(false);
  });

  it('stays open inside the margin, with its true remaining time', () => {
    const now = atExpiryPlus(-10_000);

    expect(isOpenBeyond(session, 30, now)).toBe(false);
    expect(isOpen(session, now)).toBe(true);
    expect(remainingSeconds(session, now)).toBe(10);
  });
});

describe('the word of the provider that the window is closed', () => {
  const open = aSession();

  it('closes the session that the refused send was decided on', () => {
    const closed = { ...open, providerClosedFor: open.lastInboundAt };

    expect(isOpen(closed, NOW)).toBe(false);
    expect(isOpenBeyond(closed, 0, NOW)).toBe(false);
    expect(remainingSeconds(closed, NOW)).toBe(0);
  });

  it('holds no longer once the customer has written again', () => {
    const reopened = { ...open, providerClosedFor: open.lastInboundAt - 1 };

    expect(isOpen(reopened, NOW)).toBe(true);
    expect(isOpenBeyond(reopened, 30, NOW)).toBe(true);
  });
});

describe('the second at which a message counts', () => {
  const nowMs = NOW.getTime();

  it('is the one of the provider, floored, however late the message arrives', () => {
    expect(countedAt(nowMs - 7_000_001, NOW)).toBe(NOW_SECONDS - 7_001);
    expect(countedAt(nowMs - 1, NOW)).toBe(NOW_SECONDS - 1);
    expect(countedAt(nowMs, NOW)).toBe(NOW_SECONDS);
    expect(countedAt(nowMs + 999, NOW)).toBe(NOW_SECONDS);
  });

  it.each([
    { ahead: 299_999, skewed: false, at: NOW_SECONDS + 299 },
    { ahead: 300_000, skewed: false, at: NOW_SECONDS + 300 },
    { ahead: 300_001, skewed: true, at: NOW_SECONDS },
    { ahead: 301_000, skewed: true, at: NOW_SECONDS },
    { ahead: 86_400_000, skewed: true, at: NOW_SECONDS },
  ])('$ahead ms ahead of our clock: skewed $skewed', ({ ahead, skewed, at }) => {
    expect(isSkewed(nowMs + ahead, NOW)).toBe(skewed);
    expect(countedAt(nowMs + ahead, NOW)).toBe(at);
  });

  it('is the floored moment of arrival when the provider runs too far ahead', () => {
    expect(countedAt(nowMs + 3_600_000, new Date(nowMs + 999))).toBe(NOW_SECONDS);
  });

  it('floors our own clock to whole seconds', () => {
    expect(epochSeconds(new Date(nowMs - 1))).toBe(NOW_SECONDS - 1);
    expect(epochSeconds(new Date(nowMs + 999))).toBe(NOW_SECONDS);
  });
});

describe('a late message', () => {
  it.each([
    { milliseconds: -1_000, tooLate: false },
    { milliseconds: -1, tooLate: false },
    { milliseconds: 0, tooLate: true },
    { milliseconds: 1_000, tooLate: true },
  ])('$milliseconds ms from the end of its own 24 hours: too late $tooLate', ({ milliseconds, tooLate }) => {
    expect(isTooLate(session.lastInboundAt, atExpiryPlus(milliseconds))).toBe(tooLate);
  });
});
