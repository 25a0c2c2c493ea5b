import { parseReference } from '../../functions/shared/store/message/message-reference.ts';
import { ACTORS, type Actor, CHANNEL, drain, NOW, RARE_ACTORS } from './actors.ts';
import { type Choose, faultsOf, type Made, type Played, play, playOn, withFault } from './interleave.ts';
import { checkDrained } from './invariants.ts';
import { type FormOptions, normalForm } from './normal-form.ts';
import { checkClaim, checkRecords, checkSend } from './people.ts';
import { type Run, schedules, schedulesOfOneInterruption } from './schedules.ts';
import type { Outcome, World, WorldState } from './world.ts';

/** A pair of actors who meet in a story. */
export interface Pair {
  readonly state: WorldState;
  readonly actors: readonly [Actor, Actor];
}

export interface Limits {
  /** The most schedules of a pair that are played. */
  readonly schedules: number;
  /**
   * Where a pair has more of them: `first` to play the first ones, `one interruption` for all those instead in which each
   * actor is interrupted once at most.
   */
  readonly beyond: 'first' | 'one interruption';
  /** Of the faults of each schedule every so many, in turn; 1 for all, 0 for none. */
  readonly everyFault: number;
}

export interface Violation {
  readonly made: readonly Made[];
  readonly faults: readonly string[];
}

export interface Explored {
  readonly schedules: number;
  /** Which schedules of the pair these are. */
  readonly scope: 'all' | 'one interruption' | 'first';
  readonly faulted: number;
  readonly violations: readonly Violation[];
}

/** A lease has ended by then. */
const AFTER = new Date(NOW.getTime() + 120_000);
const MOST_REPEATS = 6;

/** Repeats the calls of those who are not answered, as their callers do, then sweeps and drains the stream. */
const recover = async (world: World, { actors }: Pair, played: Played): Promise<readonly string[]> => {
  const of = world.of('recovery');
  const open = actors.filter((_, index) => played.isAnswered[index] !== true);
  for (const actor of open) {
    let isAnswered = false;
    world.setCaller('recovery');
    for (let repeat = 0; repeat < MOST_REPEATS && !isAnswered; repeat += 1) {
      isAnswered = await actor.run(of, world).catch(() => false);
      if (repeat === 1) world.setNow(AFTER);
    }
    if (!isAnswered) return [`${actor.name} is never answered`];
  }
  world.setNow(AFTER);
  await drain(of, world);
  await of.sweep();
  await drain(of, world);
  return [];
};

const finish = async (world: World, pair: Pair, played: Played) => [
  ...(await recover(world, pair, played)),
  ...checkRecords(world),
  ...checkDrained(world, [CHANNEL]),
];

/** One actor after the other. */
const inTurn = (first: number) => (waiting: ReadonlyMap<number, unknown>) => {
  const actor = waiting.has(first) ? first : [...waiting.keys()][0];
  return actor === undefined ? undefined : ({ actor, outcome: 'done' } as const);
};

/** The pair with the clocks of those who repeat a call that was not answered. */
const onTime = ({ state, actors: [one, other] }: Pair): Pair => ({
  state,
  actors: [
    { ...one, aheadMs: 0 },
    { ...other, aheadMs: 0 },
  ],
});

/** The states that the pair may leave: those of one actor after the other; where calls are repeated, on other clocks too. */
const serialForms = async (world: World, pair: Pair, options: FormOptions): Promise<ReadonlySet<string>> => {
  const forms = new Set<string>();
  for (const some of options.withSends ? [pair] : [pair, onTime(pair)])
    for (const first of [0, 1]) {
      const played = await play(world, some, inTurn(first));
      await recover(world, some, played);
      forms.add(normalForm(world, options));
    }
  return forms;
};

const MESSAGES = ['inbound', 'STOP', 'merge'];
const isMessage = (name: string): boolean => MESSAGES.some((message) => name.startsWith(message));

/** A template that is decided on between the two writes of a message uses the slot of the session that the message opens (R8). */
const usesSlotOfMessage = ({ actors }: Pair): boolean =>
  actors.some(({ name }) => name === 'template send') && actors.some(({ name }) => isMessage(name));

/**
 * A message that is delivered again after an erasure which met its first delivery is of a customer who comes back, and the
 * stream may remove its first record: part of each order is left.
 */
const overtakesMessage = ({ actors }: Pair): boolean =>
  actors.some(({ name }) => name === 'erase') && actors.some(({ name }) => isMessage(name));

/** Every pair of actors, also of one with itself. */
const PAIRS = ACTORS.flatMap((one, index) => ACTORS.slice(index).map((other) => [one, other] as const));

const actor = (name: string): Actor => {
  const known = ACTORS.find((one) => one.name === name);
  if (known === undefined) throw new Error(`no actor is named ${name}`);
  return known;
};

/** Who meets in the stories that matter to few. */
const FEW: Readonly<Record<string, readonly (readonly [Actor, Actor])[]>> = {
  unknown: [
    [actor('session send'), actor('STOP')],
    [actor('session send'), actor('consent by API')],
    [actor('session send'), actor('erase')],
    [actor('template send'), actor('STOP')],
  ],
  removed: [
    [actor('inbound'), actor('erase')],
    [actor('STOP'), actor('erase')],
    [actor('merge'), actor('erase')],
    [actor('inbound'), actor('inbound')],
    [actor('inbound'), actor('template send')],
    [RARE_ACTORS.byUserId, actor('merge')],
    [RARE_ACTORS.offer, RARE_ACTORS.stopOffers],
  ],
  closing: [[actor('inbound'), actor('sweep')]],
  'just ended': [[RARE_ACTORS.byLateClock, actor('template send')]],
  unswept: [[actor('sweep'), RARE_ACTORS.lateMerge]],
};

/** Who meets in a story: every pair, or those to whom it matters. */
export const pairsOf = (story: string): readonly (readonly [Actor, Actor])[] => FEW[story] ?? PAIRS;

/** Plays a pair, and notices at each claim and each call of the provider what must not be. */
const watcher = (world: World, { state, actors }: Pair) => {
  let faults: string[] = [];
  return {
    noticed: () => faults,
    playWatched: (choose: Choose): Promise<Played> => {
      faults = [];
      world.restore(state);
      world.watch({
        accept: ({ reference }) => faults.push(...checkSend(world, parseReference(reference))),
        request: (request) => faults.push(...checkClaim(world, request)),
      });
      return playOn(world, actors, choose);
    },
  };
};

/** Whether a pair has more schedules than that. */
const hasMore = async (run: Run, most: number): Promise<boolean> => {
  const all = schedules(run);
  for (let count = 0; count <= most; count += 1) if ((await all.next()).done === true) return false;
  return true;
};

/**
 * The faults of a schedule that no schedule before had: once a fault has ended its actor, the other one acts alone, whatever
 * the schedule was.
 */
const createFaults = (run: Run) => {
  const ended = new Set<string>();
  return ({ made }: Played) =>
    [...made.entries()].flatMap(([at, step]) => {
      const way = made
        .slice(0, at + 1)
        .map(({ actor }) => actor)
        .join('');
      return faultsOf(step)
        .filter((outcome) => !ended.has(`${way} ${outcome}`))
        .map((outcome: Outcome) => async (): Promise<Played> => {
          const played = await run(withFault(made, at, outcome));
          if (!played.made.slice(at + 1).some(({ actor }) => actor === step.actor)) ended.add(`${way} ${outcome}`);
          return played;
        });
    });
};

type Form = { readonly options: FormOptions; readonly forms: ReadonlySet<string> };

/** Judges what a schedule leaves. What follows from a state, which many schedules leave, follows from it each time. */
const createJudge = (world: World, pair: Pair, noticed: () => readonly string[]) => {
  const mayComeBack = overtakesMessage(pair);
  const known = new Map<string, readonly string[]>();
  const judge = async (played: Played, { options, forms }: Form): Promise<readonly string[]> => {
    const before = noticed().length;
    const faults = await finish(world, pair, played);
    const isSerial = forms.has(normalForm(world, options)) || (mayComeBack && !options.withSends);
    const all = [...faults, ...noticed().slice(before)];
    return isSerial ? all : [...all, 'R2: no order of the two leaves this state'];
  };
  return async (played: Played, form: Form): Promise<readonly string[]> => {
    const during = [...noticed()];
    const left = JSON.stringify([world.fingerprint(), played.isAnswered, form.options]);
    const after = known.get(left) ?? (await judge(played, form));
    known.set(left, after);
    return [...during, ...after];
  };
};

/** Plays every schedule of a pair, and each with its faults, and checks what is left of each. */
export const explore = async (world: World, pair: Pair, limits: Limits): Promise<Explored> => {
  const formsOf = async (options: FormOptions) => ({ options, forms: await serialForms(world, pair, options) });
  const exact = await formsOf({ withSends: true, withSlot: !usesSlotOfMessage(pair) });
  const faulty = await formsOf({ withSends: false, withSlot: false });
  const { playWatched, noticed } = watcher(world, pair);
  const judge = createJudge(world, pair, noticed);
  const violations: Violation[] = [];
  const check = async (played: Played, form: Form): Promise<void> => {
    const faults = await judge(played, form);
    if (faults.length > 0) violations.push({ made: played.made, faults });
  };
  const isBounded = limits.beyond === 'one interruption' && (await hasMore(playWatched, limits.schedules));
  const generate = isBounded ? schedulesOfOneInterruption : schedules;
  let scope: Explored['scope'] = isBounded ? 'one interruption' : 'all';
  const newFaults = createFaults(playWatched);
  let [count, faulted, turn] = [0, 0, 0];
  for await (const played of generate(playWatched)) {
    if (!isBounded && count >= limits.schedules) {
      scope = 'first';
      break;
    }
    count += 1;
    await check(played, exact);
    for (const playFault of limits.everyFault === 0 ? [] : newFaults(played)) {
      turn += 1;
      if (turn % limits.everyFault !== 0) continue;
      faulted += 1;
      await check(await playFault(), faulty);
    }
  }
  return { schedules: count, scope, faulted, violations };
};
