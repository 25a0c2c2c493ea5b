import process from 'node:process';
import { prepare } from './actors.ts';
import { type Explored, explore, type Limits, pairsOf } from './enumerate.ts';
import { writeFailure } from './failure-file.ts';
import { type Fuzzed, fuzz } from './fuzz/fuzz.ts';
import { playHistories } from './many-histories.ts';
import type { Counters } from './sometimes.ts';
import { createRandom, virtualize } from './virtual.ts';
import { createWorld, META_ONLY } from './world.ts';

/** A part of the proof, which runs in a process of its own. */
export type Task =
  | { readonly kind: 'meetings'; readonly story: string; readonly limits: Limits }
  | { readonly kind: 'histories' | 'inputs'; readonly seed: number; readonly count: number };

/** What came of the meetings of a pair in a story. */
export interface Met extends Omit<Explored, 'violations'> {
  readonly story: string;
  readonly pair: string;
  readonly violations: number;
}

/** What came of histories. */
export interface Played {
  readonly histories: number;
  readonly steps: number;
  readonly counters: Counters;
  /** The first history that broke a rule, and where it is. */
  readonly failure: readonly string[];
}

const meet = async (story: string, limits: Limits): Promise<readonly Met[]> => {
  const world = createWorld(META_ONLY);
  const restore = virtualize({ random: createRandom(1), fetch: world.fetch });
  const state = await prepare(world, story);
  const all: Met[] = [];
  for (const [one, other] of pairsOf(story)) {
    const { violations, ...explored } = await explore(world, { state, actors: [one, other] }, limits);
    all.push({ story, pair: `${one.name}, ${other.name}`, ...explored, violations: violations.length });
  }
  restore();
  return all;
};

const play = async (seed: number, count: number): Promise<Played> => {
  const { histories, steps, counters, failure } = await playHistories(seed, count);
  const report = failure === undefined ? [] : writeFailure(failure, { seed: String(seed), histories: '1' }).report;
  return { histories, steps, counters, failure: report };
};

const run = (task: Task): Promise<readonly Met[] | Played | Fuzzed> => {
  if (task.kind === 'meetings') return meet(task.story, task.limits);
  return task.kind === 'histories' ? play(task.seed, task.count) : fuzz(task.seed, task.count);
};

const [text = ''] = process.argv.slice(2);
process.send?.(await run(JSON.parse(text) as Task));
