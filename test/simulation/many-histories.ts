import type { LocalState } from '../../infra/local/state/local-state.ts';
import { toLocalState } from './failure-file.ts';
import { type Event, historyOf, START_SECONDS } from './history.ts';
import { simulate } from './simulate.ts';
import { type Counters, neverMet, type Sometimes } from './sometimes.ts';
import { createRandom, virtualize } from './virtual.ts';
import { BOTH_PROVIDERS, createWorld, type World, type WorldState } from './world.ts';

/** A history that breaks a rule, without the events that it does not need for it. */
export interface Failure {
  readonly seed: number;
  readonly faults: readonly string[];
  readonly events: readonly Event[];
  /** What the history leaves, as the local page loads it. */
  readonly state: LocalState;
}

export interface PlayOptions {
  /** @default - a history that breaks a rule is shrunk */
  readonly shrinks?: boolean;
  /** One more rule, which holds between any two groups of events. */
  readonly rule?: (world: World) => readonly string[];
}

export interface Outcome {
  readonly histories: number;
  readonly steps: number;
  readonly counters: Counters;
  /** What no history has met. */
  readonly never: readonly Sometimes[];
  /** The first one. */
  readonly failure: Failure | undefined;
}

interface Run {
  readonly world: World;
  readonly state: WorldState;
  readonly seed: number;
  readonly rule: PlayOptions['rule'];
}

const runOne = async ({ world, state, seed, rule }: Run, events: readonly Event[], counters: Counters) => {
  world.restore(state);
  return simulate(world, { events, seed, counters, rule }).catch((fault: unknown) => ({
    faults: [`thrown: ${fault instanceof Error ? fault.message : typeof fault}`],
    steps: 0,
  }));
};

/** Leaves out one event after the other, as long as a rule is broken still, until each that is left is needed. */
const shrink = async (run: Run, events: readonly Event[]): Promise<readonly Event[]> => {
  let smallest = events;
  for (let length = Number.POSITIVE_INFINITY; smallest.length < length; ) {
    length = smallest.length;
    for (let index = smallest.length - 1; index >= 0; index -= 1) {
      const fewer = smallest.filter((_, place) => place !== index);
      const { faults } = await runOne(run, fewer, new Map());
      if (faults.length > 0) smallest = fewer;
    }
  }
  return smallest;
};

/** Plays what is left of a history that breaks a rule once more, for the state that it leaves. */
const toFailure = async (run: Run, events: readonly Event[]): Promise<Failure> => {
  const { faults } = await runOne(run, events, new Map());
  return { seed: run.seed, faults, events, state: toLocalState(run.world, events) };
};

/** Plays so many histories, from that seed on, until one breaks a rule, which is shrunk unless it is to be left whole. */
export const playHistories = async (
  seed: number,
  histories: number,
  { shrinks = true, rule }: PlayOptions = {},
): Promise<Outcome> => {
  const world = createWorld(BOTH_PROVIDERS);
  const restore = virtualize({ random: createRandom(seed), fetch: world.fetch });
  const counters: Counters = new Map();
  let steps = 0;
  let failure: Failure | undefined;
  let played = 0;
  try {
    world.setNow(new Date((START_SECONDS - 60) * 1000));
    await world.registerTemplate();
    const state = world.save();
    for (; played < histories && failure === undefined; played += 1) {
      const run = { world, state, seed: seed + played, rule };
      const events = historyOf(createRandom(run.seed));
      const { faults, steps: made } = await runOne(run, events, counters);
      steps += made;
      if (faults.length > 0) failure = await toFailure(run, shrinks ? await shrink(run, events) : events);
    }
  } finally {
    restore();
  }
  return { histories: played, steps, counters, never: neverMet(counters), failure };
};
