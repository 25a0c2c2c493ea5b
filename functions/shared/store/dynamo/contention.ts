import { setTimeout as pause } from 'node:timers/promises';

/** The outcome of an attempt that other writers prevented; an error as `reason` is thrown when no attempt is left. */
export class Contended {
  readonly reason: string | Error;

  constructor(reason: string | Error) {
    this.reason = reason;
  }
}

export interface AttemptLimits {
  readonly maxAttempts: number;
  /** The longest pause before the second attempt, in milliseconds; it doubles with each further attempt. */
  readonly pauseMs: number;
}

/** For items that another write or a throttle blocks for milliseconds: repeats after a pause with full jitter. */
export const BLOCKED_ITEMS: AttemptLimits = { maxAttempts: 6, pauseMs: 40 };

/** For items that changed since they were read: repeats at once, because each lost attempt is another writer's success. */
export const CHANGED_ITEMS: AttemptLimits = { maxAttempts: 8, pauseMs: 0 };

const backOff = (pauseMs: number, attempts: number): Promise<void> =>
  pause(Math.random() * pauseMs * 2 ** (attempts - 1));

const toError = (reason: string | Error, attempts: number): Error =>
  typeof reason === 'string' ? new Error(`${reason} in each of ${attempts} attempts`) : reason;

/**
 * Repeats an attempt until its outcome is not {@link Contended}.
 * @throws the reason of the last attempt when none is left
 */
export const retryUnderContention = async <T>(
  { maxAttempts, pauseMs }: AttemptLimits,
  attempt: () => Promise<T | Contended>,
): Promise<T> => {
  for (let attempts = 1; ; attempts += 1) {
    const outcome = await attempt();
    if (!(outcome instanceof Contended)) return outcome;
    if (attempts >= maxAttempts) throw toError(outcome.reason, attempts);
    if (pauseMs > 0) await backOff(pauseMs, attempts);
  }
};
