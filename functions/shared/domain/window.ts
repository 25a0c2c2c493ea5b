import type { EntryPoint } from './entry-point.ts';
import { DAY_SECONDS } from './time.ts';

/** Length of a customer care session, counted from the customer's last message (R1). */
export const WINDOW_SECONDS = DAY_SECONDS;

/** The most that a provider's clock may be ahead of ours (R3). */
export const SKEW_SECONDS = 300;

export type Phase = 'open' | 'closing' | 'closed';

/** A customer care session; all times in whole epoch seconds. */
export interface Session {
  readonly sessionId: string;
  readonly openedAt: number;
  readonly lastInboundAt: number;
  readonly expiresAt: number;
  readonly phase: Phase;
  /** The `lastInboundAt` on which the provider refused a session message as too late (R10). */
  readonly providerClosedFor?: number | undefined;
  readonly entryPoint?: EntryPoint | undefined;
  /** The last message that came while Meta's Business Agent answered. */
  readonly standbyAt?: number | undefined;
  /** When a message to the customer was last claimed while it was open. */
  readonly lastAnswerAt?: number | undefined;
}

/** The end of the window that a qualifying message of that second opens (R1). */
export const expiresAtOf = (lastInboundAt: number): number => lastInboundAt + WINDOW_SECONDS;

export const epochSeconds = (at: Date): number => Math.floor(at.getTime() / 1000);

/** Whether a provider's timestamp is more than {@link SKEW_SECONDS} in the future (R3). */
export const isSkewed = (providerAtMs: number, now: Date): boolean =>
  providerAtMs > now.getTime() + SKEW_SECONDS * 1000;

/** The second at which a message counts: that of the provider, or that of its first arrival where the provider's is skewed (R1, R3). */
export const countedAt = (providerAtMs: number, now: Date): number =>
  isSkewed(providerAtMs, now) ? epochSeconds(now) : Math.floor(providerAtMs / 1000);

/** Whether a message arrives after the end of the window that it would have opened: it opens none (R3). */
export const isTooLate = (at: number, now: Date): boolean => now.getTime() >= expiresAtOf(at) * 1000;

/** Open means `now < expiresAt`, and the provider has not reported the window closed since the customer's last message (R1, R10). */
export const isOpen = (session: Session | undefined, now: Date): session is Session =>
  session !== undefined &&
  now.getTime() < session.expiresAt * 1000 &&
  session.providerClosedFor !== session.lastInboundAt;

/** Whole seconds until the window ends, rounded up; 0 once it is closed. */
export const remainingSeconds = (session: Session | undefined, now: Date): number =>
  isOpen(session, now) ? Math.ceil(session.expiresAt - now.getTime() / 1000) : 0;

/** Whether a session message has time to reach WhatsApp: `now + margin < expiresAt` (R7). */
export const isOpenBeyond = (session: Session | undefined, marginSeconds: number, now: Date): boolean =>
  isOpen(session, new Date(now.getTime() + marginSeconds * 1000));

/** The window as a message left it. */
export interface WindowLeft {
  /** The session that is open, or that was the last one known; absent where none is. */
  readonly sessionId?: string | undefined;
  readonly state: 'open' | 'closed';
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/** The window of a session as it is stored. */
export const windowLeft = (session: Session, now: Date): WindowLeft => ({
  sessionId: session.sessionId,
  state: isOpen(session, now) ? 'open' : 'closed',
  expiresAt: session.expiresAt,
});

/** The window that a qualifying message of that second will leave behind (R1); without an id where it opens a session. */
export const windowAfter = (session: Session | undefined, at: number, now: Date): WindowLeft => {
  const expiresAt = Math.max(session?.expiresAt ?? 0, expiresAtOf(at));
  if (!isOpen(session, now)) return { state: isTooLate(at, now) ? 'closed' : 'open', expiresAt };
  return { sessionId: session.sessionId, state: 'open', expiresAt };
};

/** The phase of a session whose channel announces the end so many seconds ahead. */
export const phaseAt = (expiresAt: number, closingLeadSeconds: number, now: Date): Phase => {
  const left = expiresAt - now.getTime() / 1000;
  if (left <= 0) return 'closed';
  return left <= closingLeadSeconds ? 'closing' : 'open';
};
