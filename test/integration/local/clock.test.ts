import { describe, expect, it } from 'vitest';
import { createClock } from '../../../infra/local/clock.ts';

const at = (iso: string) => new Date(iso);

/** A clock over a system time that the test sets. */
const aClock = (start: string) => {
  let system = at(start);
  return {
    clock: createClock(() => system),
    pass: (seconds: number) => {
      system = new Date(system.getTime() + seconds * 1000);
    },
  };
};

describe('the local clock', () => {
  it('follows the system until it is set', () => {
    const { clock } = aClock('2026-11-20T12:00:00.000Z');

    expect(clock.now()).toEqual(at('2026-11-20T12:00:00.000Z'));
  });

  it('shows the time it is set to and runs on from there', () => {
    const { clock, pass } = aClock('2026-11-20T12:00:00.000Z');

    clock.set(at('2030-01-01T00:00:00.000Z'));
    pass(5);

    expect(clock.now()).toEqual(at('2030-01-01T00:00:05.000Z'));
  });

  it('adds up its advances', () => {
    const { clock } = aClock('2026-11-20T12:00:00.000Z');

    clock.advance(86_400);
    clock.advance(-0.5);

    expect(clock.now()).toEqual(at('2026-11-21T11:59:59.500Z'));
  });

  it('returns to the system time', () => {
    const { clock, pass } = aClock('2026-11-20T12:00:00.000Z');

    clock.advance(86_400);
    clock.reset();
    pass(1);

    expect(clock.now()).toEqual(at('2026-11-20T12:00:01.000Z'));
  });
});
