import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRandom, virtualize } from '../virtual.ts';
import { START } from './customers.ts';
import { playDays } from './days.ts';
import { createDueWorld, type DueWorld } from './due-world.ts';

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;
const A = '+16505551001';
const B = '+16505551002';

let restore = (): void => undefined;
beforeAll(() => {
  restore = virtualize({ random: createRandom(1), fetch: () => Promise.reject(new Error('no provider is asked')) });
});
afterAll(() => restore());

let world: DueWorld;
const begin = (lead: number): void => {
  world = createDueWorld(lead);
  world.setNow(START);
};
/** Time passes, with a sweep each minute. */
const sweepUntil = async (second: number): Promise<void> => {
  for (let now = world.now() + MINUTE; now <= second; now += MINUTE) {
    world.setNow(now);
    await world.sweep();
  }
  world.setNow(second);
};
const phaseOf = (customer: string) => world.sessions().find((one) => one.customer === customer)?.phase;

/** Runs the sweep each minute, and returns the seconds at which a customer's session was first seen in each phase. */
const phasesSeen = async (customer: string, until: number) => {
  const seen = new Map<string, number>();
  for (let now = world.now() + MINUTE; now <= until; now += MINUTE) {
    world.setNow(now);
    await world.sweep();
    const phase = phaseOf(customer);
    if (phase !== undefined && !seen.has(phase)) seen.set(phase, now);
  }
  return seen;
};

describe('an entry of the due index that may be early', () => {
  describe('announces the closing in time', () => {
    it('of a session that is extended while it closes, with a lead of 20 hours', async () => {
      begin(20 * HOUR);
      await world.write(A);
      await sweepUntil(START + 5 * HOUR);
      expect(phaseOf(A)).toBe('closing');
      await world.write(A);

      const seen = await phasesSeen(A, START + 10 * HOUR);

      expect(seen.get('closing')).toBeLessThanOrEqual(START + 9 * HOUR + 2 * MINUTE);
    });

    it('of a session that a late message extends within the lead', async () => {
      begin(HOUR);
      await world.write(A);
      await sweepUntil(START + 23.5 * HOUR);
      expect(phaseOf(A)).toBe('closing');
      // It was written 45 minutes after the first one.
      await world.write(A, START + 75 * MINUTE);

      const seen = await phasesSeen(A, START + DAY + HOUR);

      expect(seen.get('open')).toBeDefined();
      expect(seen.get('closing')).toBeLessThanOrEqual(START + DAY + 15 * MINUTE + 2 * MINUTE);
    });

    it.each([1, 600, HOUR, 12 * HOUR, 86_399])('after a day of messages, with a lead of %i s', async (lead) => {
      begin(lead);
      for (let hour = 0; hour < 24; hour += 1) {
        await sweepUntil(START + hour * HOUR);
        await world.write(A);
      }
      const end = START + 23 * HOUR + DAY;

      const seen = await phasesSeen(A, end + 5 * MINUTE);

      // A lead shorter than a minute passes between two sweeps.
      const closing = seen.get('closing') ?? seen.get('closed');
      expect(closing).toBeGreaterThanOrEqual(end - lead);
      expect(closing).toBeLessThanOrEqual(Math.max(end - lead, START + 23 * HOUR + MINUTE) + 2 * MINUTE);
      expect(seen.get('closed')).toBeGreaterThanOrEqual(end);
      expect(seen.get('closed')).toBeLessThanOrEqual(end + 90);
    });
  });

  it('is moved once a day for a customer who writes every half hour', async () => {
    begin(HOUR);
    const entries = new Set<number>();
    for (let half = 0; half < 96; half += 1) {
      await sweepUntil(START + half * 30 * MINUTE);
      await world.write(A);
      for (const session of world.sessions()) entries.add(session.dueAt);
    }

    expect(entries.size).toBeLessThanOrEqual(4);
  });

  it('is exact once the session is closing, so that lists are in order, also after a pause', async () => {
    begin(HOUR);
    await world.write(A);
    world.setNow(START + 10 * MINUTE);
    await world.write(B);
    world.setNow(START + 20 * MINUTE);
    await world.write(A);
    // The sweep has paused until both end within the hour.
    world.setNow(START + 23.5 * HOUR);
    await world.sweep();

    expect((await world.list(HOUR, 1)).map(({ customer }) => customer)).toEqual([B, A]);
    expect(await world.count(HOUR)).toBe(2);
  });

  describe('loses nothing', () => {
    it('when the sweep has paused beyond it', async () => {
      begin(HOUR);
      await world.write(A);
      await sweepUntil(START + 20 * HOUR);
      await world.write(A);
      // Its entry is due four hours from now, its end is in a day.
      world.setNow(START + 40 * HOUR);
      expect(await world.list(DAY, 10)).toHaveLength(1);
      expect(await world.count(DAY)).toBe(1);

      const seen = await phasesSeen(A, START + 44 * HOUR + 5 * MINUTE);

      expect(seen.get('closing')).toBeLessThanOrEqual(START + 43 * HOUR + 2 * MINUTE);
      expect(seen.get('closed')).toBeLessThanOrEqual(START + 44 * HOUR + 90);
    });

    it.each([
      [HOUR, 3 * HOUR],
      [3 * HOUR, HOUR],
      [600, 20 * HOUR],
    ])('when the lead changes from %i s to %i s', async (before, after) => {
      begin(before);
      await world.write(A);
      await sweepUntil(START + 6 * HOUR);
      await world.write(A);
      world.setLead(after);

      const seen = await phasesSeen(A, START + 30 * HOUR + 5 * MINUTE);

      expect(seen.get('closing')).toBeLessThanOrEqual(
        Math.max(START + 6 * HOUR, START + 30 * HOUR - after) + 2 * MINUTE,
      );
      expect(seen.get('closed')).toBeLessThanOrEqual(START + 30 * HOUR + 90);
    });

    // A deployment updates the functions one by one: those that receive messages before the sweep.
    it.each([
      [HOUR, 20 * HOUR],
      [20 * HOUR, HOUR],
    ])('when a message comes with the new lead before the sweep has it, from %i s to %i s', async (before, after) => {
      begin(before);
      await world.write(A);
      await sweepUntil(START + 6 * HOUR);
      world.setLead(after);
      await world.write(A);
      world.setLead(before);
      await sweepUntil(START + 6 * HOUR + MINUTE);
      world.setLead(after);

      const seen = await phasesSeen(A, START + 30 * HOUR + 5 * MINUTE);

      expect(seen.get('closing')).toBeLessThanOrEqual(START + 30 * HOUR - after + 2 * MINUTE);
      expect(seen.get('closed')).toBeLessThanOrEqual(START + 30 * HOUR + 90);
    });

    it('when a message comes between what the sweep reads and what it writes', async () => {
      begin(HOUR);
      await world.write(A);
      await sweepUntil(START + 22 * HOUR);
      let isMet = false;
      world.disturb(
        () => false,
        async ({ name }) => {
          if (isMet || name !== 'UpdateItem') return;
          isMet = true;
          await world.write(A, START + 3 * HOUR);
        },
      );

      const seen = await phasesSeen(A, START + 27 * HOUR + 5 * MINUTE);

      expect(isMet).toBe(true);
      expect(seen.get('closing')).toBeGreaterThanOrEqual(START + 26 * HOUR);
      expect(seen.get('closing')).toBeLessThanOrEqual(START + 26 * HOUR + 2 * MINUTE);
    });

    it('when the index lags while the entry moves', async () => {
      begin(HOUR);
      await world.write(A);
      await world.write(B);
      await sweepUntil(START + 23.5 * HOUR);
      world.setLagging(true);
      await world.write(A);

      expect((await world.list(DAY, 10)).map(({ customer }) => customer)).toEqual([B, A]);
    });
  });
});

describe('days of customers, with pauses, lag, stale reads, conflicts, late messages and other leads', () => {
  let seed = 0;
  beforeEach(() => {
    seed += 1;
  });

  it.each([
    [1, 'mixed'],
    [600, 'few'],
    [HOUR, 'chat'],
    [HOUR, 'mixed'],
    [6 * HOUR, 'mixed'],
    [20 * HOUR, 'chat'],
    [86_399, 'few'],
  ] as const)(
    'announce and close in time, and are listed as they are, from a lead of %i s on: %s',
    async (lead, habit) => {
      // A session of the first day ends on the second one at the earliest.
      const { faults, met } = await playDays({ seed, lead, habit, days: 2, customers: 12 });

      expect(faults.slice(0, 3)).toEqual([]);
      expect(met.messages).toBeGreaterThan(50);
      // A lead shorter than a minute passes between two sweeps.
      expect(met.closing).toBeGreaterThanOrEqual(lead < MINUTE ? 0 : 1);
      expect(met.closed).toBeGreaterThan(2);
      expect(met.lists).toBeGreaterThan(10);
    },
  );
});
