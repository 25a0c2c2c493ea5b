import type { ReactNode } from 'react';

/** How near the end of a window is. */
export type Urgency = 'closed' | 'now' | 'soon' | 'calm';

const WINDOW_SECONDS = 86_400;
const SOON_SECONDS = 3_600;
const NOW_SECONDS = 900;

export const urgencyOf = (remainingSeconds: number): Urgency => {
  if (remainingSeconds <= 0) return 'closed';
  if (remainingSeconds <= NOW_SECONDS) return 'now';
  return remainingSeconds <= SOON_SECONDS ? 'soon' : 'calm';
};

const RADIUS = 18;
const LENGTH = 2 * Math.PI * RADIUS;

/** Within the last hour the ring would be too small to see: a quarter of it shows that hour. */
const LAST_HOUR_SHARE = 0.25;

const shareOf = (remainingSeconds: number): number => {
  if (remainingSeconds <= SOON_SECONDS) return (Math.max(0, remainingSeconds) / SOON_SECONDS) * LAST_HOUR_SHARE;
  const rest = (remainingSeconds - SOON_SECONDS) / (WINDOW_SECONDS - SOON_SECONDS);
  return Math.min(1, LAST_HOUR_SHARE + rest * (1 - LAST_HOUR_SHARE));
};

interface RingProps {
  readonly remainingSeconds: number;
  /** What stands within the ring. */
  readonly children?: ReactNode;
}

/** A ring that shrinks with the time that is left. Beside it the time stands as text. */
export const Ring = ({ remainingSeconds, children }: RingProps) => (
  <span className={`ring ${urgencyOf(remainingSeconds)}`}>
    <svg viewBox="0 0 40 40" aria-hidden="true">
      <circle className="ring-track" cx="20" cy="20" r={RADIUS} />
      <circle
        className="ring-left"
        cx="20"
        cy="20"
        r={RADIUS}
        strokeDasharray={`${shareOf(remainingSeconds) * LENGTH} ${LENGTH}`}
      />
    </svg>
    <span className="ring-inner" aria-hidden="true">
      {children}
    </span>
  </span>
);
