/** Length of a customer care session: 24 h after the customer's last message (R1). */
const WINDOW_SECONDS = 86_400;

/** How far a provider's clock may run ahead of ours before its timestamp is not believed (R3). */
export const SKEW_SECONDS = 300;

export type Phase = 'open' | 'closing' | 'closed';

/** A customer care session as the table holds it; all times in whole epoch seconds. */
export interface Session {
  readonly sessionId: string;
  readonly openedAt: number;
  readonly lastInboundAt: number;
  readonly expiresAt: number;
  readonly phase: Phase;
  /** The `lastInboundAt` on which the provider refused a session message as too late (R10). */
  readonly providerClosedFor?: number | undefined;
}

/** The window that a qualifying message of that second guarantees (R1). */
export const expiresAtOf = (lastInboundAt: number): number => lastInboundAt + WINDOW_SECONDS;

export const epochSeconds = (at: Date): number => Math.floor(at.getTime() / 1000);

/** A provider that runs more than {@link SKEW_SECONDS} ahead of us is not believed (R3). */
export const isSkewed = (providerAtMs: number, now: Date): boolean =>
  providerAtMs > now.getTime() + SKEW_SECONDS * 1000;

/** The second at which a message counts: the provider's own, or that of its first arrival when that lies too far ahead (R1, R3). */
export const countedAt = (providerAtMs: number, now: Date): number =>
  isSkewed(providerAtMs, now) ? epochSeconds(now) : Math.floor(providerAtMs / 1000);

/** A message that arrives after the window it would have opened has ended opens nothing (R3). */
export const isTooLate = (at: number, now: Date): boolean => now.getTime() >= expiresAtOf(at) * 1000;

/** Open means `now < expiresAt`, and the provider has not said otherwise since the customer last wrote (R1, R10). */
export const isOpen = (session: Session | undefined, now: Date): session is Session =>
  session !== undefined &&
  now.getTime() < session.expiresAt * 1000 &&
  session.providerClosedFor !== session.lastInboundAt;

/** Whole seconds until the window ends, at least 1 while it is open; 0 once it is closed. */
export const remainingSeconds = (session: Session | undefined, now: Date): number =>
  isOpen(session, now) ? Math.ceil(session.expiresAt - now.getTime() / 1000) : 0;

/** Whole seconds that are certainly left of the window: a time-to-live of that many never outlasts it (R7). */
export const certainSeconds = (session: Session | undefined, now: Date): number =>
  isOpen(session, now) ? Math.floor(session.expiresAt - now.getTime() / 1000) : 0;

/** Time enough for a session message to reach WhatsApp: `now + margin < expiresAt` (R7). */
export const isOpenBeyond = (session: Session | undefined, marginSeconds: number, now: Date): boolean =>
  isOpen(session, new Date(now.getTime() + marginSeconds * 1000));

/** The phase of a session at a moment, where its channel announces the end that many seconds ahead. */
export const phaseAt = (expiresAt: number, closingLeadSeconds: number, now: Date): Phase => {
  const left = expiresAt - now.getTime() / 1000;
  if (left <= 0) return 'closed';
  return left <= closingLeadSeconds ? 'closing' : 'open';
};
