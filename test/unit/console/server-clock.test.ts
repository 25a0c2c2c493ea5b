import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

interface ServerClock {
  readonly serverNow: () => number;
  readonly onClockJump: (listener: () => void) => () => void;
  readonly timed: (send: () => Promise<Response>) => Promise<Response>;
}
/** By its address, since tests are compiled without the types of a browser. */
const PAGE = new URL('../../../functions/console/page/api/server-clock.ts', import.meta.url).href;

const NOON = Date.parse('2026-11-27T12:00:00Z');

describe('the time of the service, as the page knows it', () => {
  let clock: ServerClock;
  const jumped = vi.fn<() => void>();
  /** A call that takes a while; the service dates its answer after a share of it. */
  const call = (serverMs: number, { takes = 0, datedAfter = 0 } = {}) =>
    clock.timed(async () => {
      vi.advanceTimersByTime(takes);
      return new Response('', { headers: { date: new Date(serverMs + datedAfter).toUTCString() } });
    });
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    vi.resetModules();
    clock = (await import(PAGE)) as ServerClock;
    jumped.mockReset();
    clock.onClockJump(jumped);
  });
  afterEach(() => void vi.useRealTimers());

  it('goes on with the time that passes between two answers', async () => {
    await call(NOON);
    vi.advanceTimersByTime(10_000);

    expect(Math.abs(clock.serverNow() - (NOON + 10_000))).toBeLessThan(1_000);
  });

  it.each([0, 10_000])(
    'does not jump when an answer was long under way, dated after %i ms of it',
    async (datedAfter) => {
      await call(NOON);
      vi.advanceTimersByTime(1_000);

      await call(NOON + 1_000, { takes: 10_000, datedAfter });

      expect(jumped).not.toHaveBeenCalled();
      expect(Math.abs(clock.serverNow() - (NOON + 11_000))).toBeLessThan(1_000);
    },
  );

  it.each([-86_400_000, -20_000, 20_000, 86_400_000])('jumps with the clock of the service by %i ms', async (by) => {
    await call(NOON);

    await call(NOON + by, { takes: 10_000 });

    expect(jumped).toHaveBeenCalledTimes(1);
  });
});
