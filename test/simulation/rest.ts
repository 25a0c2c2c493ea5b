import { marshall } from '@aws-sdk/util-dynamodb';
import { parseDueShard, sweepKey } from '../../functions/shared/store/due/due-entry.ts';
import { type Actor, drain } from './actors.ts';
import type { Diary } from './diary.ts';
import { CHANNELS } from './history.ts';
import { checkDrained, rowsOf } from './invariants.ts';
import { checkPeople } from './people.ts';
import { checkEnds, checkPictures } from './pictures.ts';
import type { Containers } from './service.ts';
import type { World } from './world.ts';

const secondOf = (at: Date): number => Math.floor(at.getTime() / 1000);

const dueIn = (world: World) =>
  rowsOf(world).flatMap((row) => {
    const { dueShard, dueAt } = row;
    return typeof dueShard === 'string' ? [{ ...parseDueShard(dueShard), dueAt: Number(dueAt) }] : [];
  });

/** Moves the cursors of the sweep over spans without an entry, which it would read hour by hour. */
export const skipEmptySpans = (world: World): void => {
  const entries = dueIn(world);
  for (const channel of CHANNELS)
    for (const [sweep, kind] of [
      ['closed', 'session'],
      ['send', 'send'],
    ] as const) {
      const key = sweepKey(sweep, channel);
      const swept = Number(world.table.read(key)?.['sweptUntil']?.N ?? 0);
      const due = entries.filter((entry) => entry.kind === kind && entry.channel === channel && entry.dueAt >= swept);
      const first = Math.min(secondOf(world.now()), ...due.map(({ dueAt }) => dueAt));
      if (first > swept) world.table.write(key, marshall({ ...key, sweptUntil: first }));
    }
};

const sweep = async (world: World, of: Containers): Promise<boolean> => {
  skipEmptySpans(world);
  return of.sweep().then(
    () => true,
    () => false,
  );
};

const MOST_REPEATS = 8;
const MOST_SWEEPS = 60;
const MINUTE_MS = 60_000;

/** Callers repeat what was not answered, without faults. */
const answerAll = async (world: World, of: Containers, open: readonly Actor[]): Promise<readonly string[]> => {
  for (const actor of open) {
    let isAnswered = false;
    for (let repeat = 0; repeat < MOST_REPEATS && !isAnswered; repeat += 1) {
      isAnswered = await actor.run(of, world).catch(() => false);
      if (!isAnswered) world.setNow(new Date(world.now().getTime() + MINUTE_MS));
    }
    if (!isAnswered) return [`liveness: ${actor.name} is never answered`];
  }
  return [];
};

/** Time passes until every session has ended. */
const closeAll = async (world: World, of: Containers): Promise<readonly string[]> => {
  for (let sweeps = 0; sweeps < MOST_SWEEPS; sweeps += 1) {
    const ends = dueIn(world).flatMap(({ kind, dueAt }) => (kind === 'session' ? [dueAt] : []));
    if (ends.length === 0) return [];
    world.setNow(new Date(Math.max(world.now().getTime() + MINUTE_MS, (Math.min(...ends) + 60) * 1000)));
    if (!(await sweep(world, of))) return ['liveness: the sweep fails'];
    await drain(of, world);
  }
  return ['liveness: a session is never closed'];
};

const waiting = (world: World): readonly string[] =>
  rowsOf(world).flatMap((row) =>
    row['direction'] === 'outbound' && row['status'] === 'accepted' ? ['liveness: a claim is stuck'] : [],
  );

export interface Resting {
  readonly of: Containers;
  readonly diary: Diary;
}

/** Without faults, everything comes to rest: everyone is answered, every session closes, the stream drains. */
export const rest = async (
  world: World,
  { of, diary }: Resting,
  open: readonly Actor[],
): Promise<readonly string[]> => {
  const unanswered = await answerAll(world, of, open);
  if (unanswered.length > 0) return unanswered;
  world.setNow(new Date(world.now().getTime() + 2 * MINUTE_MS));
  await sweep(world, of);
  await drain(of, world);
  const people = [...checkPeople(world), ...(await checkPictures(world, of, diary))];
  const stuck = await closeAll(world, of);
  world.expire();
  await drain(of, world);
  return [...people, ...stuck, ...waiting(world), ...checkEnds(world), ...checkDrained(world, CHANNELS)];
};
