import type { Phase } from '../../../functions/shared/domain/window.ts';
import { exactSeconds } from '../../../functions/shared/store/due/due-entry.ts';
import { type DueWorld, MOST_LATE_SECONDS, type Stored } from './due-world.ts';

/** Since when something had to happen: the sweep cannot have known or run before. */
const lateness = (at: number, since: readonly number[], now: number): number => now - Math.max(at, ...since);

/** Judges the phases that a sweep leaves and the lists, by the stored sessions alone: neither the index nor its cursors. */
export const createWatch = (world: DueWorld) => {
  const known = new Map<string, { readonly expiresAt: number; readonly since: number }>();
  const entered = new Map<string, number>();
  const faults: string[] = [];
  /** The end of the last pause of the sweep, and the last change of the lead. */
  let disturbedAt = 0;

  /** When a session got its present end, as far as was looked. */
  const sinceOf = ({ sessionId, expiresAt }: Stored): number => {
    const last = known.get(sessionId);
    if (last?.expiresAt === expiresAt) return last.since;
    const since = world.now();
    known.set(sessionId, { expiresAt, since });
    return since;
  };

  const checkPhase = (session: Stored): void => {
    const since = [sinceOf(session), disturbedAt];
    const { phase, expiresAt, customer } = session;
    const closing = lateness(expiresAt - world.lead(), since, world.now());
    const closed = lateness(expiresAt, since, world.now());
    if (phase === 'open' && closing > MOST_LATE_SECONDS.closing)
      faults.push(`the closing of ${customer} is ${closing} s late, with a lead of ${world.lead()} s`);
    if (phase !== 'closed' && closed > MOST_LATE_SECONDS.closed)
      faults.push(`the end of ${customer} is ${closed} s late`);
  };

  const expected = (withinSeconds: number): readonly Stored[] =>
    world
      .sessions()
      .filter(({ expiresAt, phase }) => expiresAt > world.now() && phase !== 'closed')
      .filter(({ expiresAt }) => expiresAt <= world.now() + withinSeconds);

  return {
    faults,
    /** How often sessions came to a phase. */
    came: (phase: Phase): number => [...entered].filter(([name]) => name.endsWith(` ${phase}`)).length,
    disturbed: (): void => {
      disturbedAt = world.now();
    },
    /** Called when a message was delivered. */
    wrote: (): void => {
      for (const session of world.sessions()) sinceOf(session);
    },
    /** Called after a sweep: no phase is late, and none was entered twice. */
    swept: (): void => {
      for (const phase of world.takePhases()) {
        const times = (entered.get(phase) ?? 0) + 1;
        entered.set(phase, times);
        if (times > 1) faults.push(`a session came to a phase ${times} times: ${phase}`);
      }
      for (const session of world.sessions()) checkPhase(session);
    },
    /** A list is complete, holds each customer once, and is in order as far as the index is exact; a count agrees with it. */
    checkList: async (withinSeconds: number, limit: number, isExact: boolean): Promise<void> => {
      const wanted = expected(withinSeconds)
        .map(({ customer }) => customer)
        .toSorted();
      const found = await world.list(withinSeconds, limit);
      const names = found.map(({ customer }) => customer).toSorted();
      if (JSON.stringify(names) !== JSON.stringify(wanted))
        faults.push(`a list of ${withinSeconds} s has ${names.length} of ${wanted.length} sessions`);
      if (!isExact) return;
      const edge = world.now() + exactSeconds(world.lead()) - 180;
      const ends = found.map(({ expiresAt }) => expiresAt).filter((end) => end <= edge);
      if (ends.some((end, index) => end < (ends[index - 1] ?? 0)))
        faults.push('a list is not in order within the edge');
      const count = await world.count(withinSeconds);
      if (count !== wanted.length) faults.push(`a count of ${withinSeconds} s is ${count} of ${wanted.length}`);
    },
  };
};
