import { vi } from 'vitest';

/** Repeats the assertions until they hold; the limit ends a test that hangs before Vitest does, so that its last error is shown. */
export const eventually = <T>(assertions: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(assertions, { timeout: 100_000, interval: 50 });
