import type { Actor } from './actors.ts';
import { areDependent, type Footprint } from './footprint.ts';
import { untilIdle } from './virtual.ts';
import type { Outcome, Step, World, WorldState } from './world.ts';

/** An actor in a run: its steps wait until they are chosen. */
interface Player {
  readonly name: string;
  readonly steps: Step[];
  state: 'running' | 'answered' | 'unanswered' | 'crashed';
}

export interface Choice {
  readonly actor: number;
  readonly outcome: Outcome;
}

/** A step that was made. */
export interface Made extends Choice {
  readonly label: string;
  readonly isWrite: boolean;
}

/** Chooses the next step among those that wait, by the actor; `undefined` ends the run. */
export type Choose = (waiting: ReadonlyMap<number, Footprint>, made: readonly Made[]) => Choice | undefined;

export interface Played {
  readonly made: readonly Made[];
  readonly isComplete: boolean;
  /** By the actor: whether its caller was answered. */
  readonly isAnswered: readonly boolean[];
}

const MOST_TURNS = 200;

/** Waits until each actor that runs has a step to make. */
const settle = async (players: readonly Player[]): Promise<void> => {
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    await untilIdle();
    if (players.every(({ state, steps }) => state !== 'running' || steps.length > 0)) return;
  }
  throw new Error('an actor waits for nothing that the simulation knows');
};

const start = (world: World, actor: Actor, index: number): Player => {
  const name = `actor ${index}`;
  const player: Player = { name, steps: world.hold(name) as Step[], state: 'running' };
  const end = (state: Player['state']) => {
    if (player.state === 'running') player.state = state;
  };
  world.setCaller(name);
  void actor.run(world.of(name, actor.aheadMs), world).then(
    (isAnswered) => end(isAnswered ? 'answered' : 'unanswered'),
    () => end('unanswered'),
  );
  return player;
};

/** Plays actors against each other in a state, one step at a time, as they are chosen. */
export const play = (
  world: World,
  { state, actors }: { readonly state: WorldState; readonly actors: readonly Actor[] },
  choose: Choose,
): Promise<Played> => {
  world.restore(state);
  return playOn(world, actors, choose);
};

/** Plays actors against each other in the world as it is. */
export const playOn = async (world: World, actors: readonly Actor[], choose: Choose): Promise<Played> => {
  const players: Player[] = [];
  for (const [index, actor] of actors.entries()) {
    players.push(start(world, actor, index));
    await settle(players);
  }
  const made: Made[] = [];
  for (;;) {
    const ready = [...players.entries()].filter(([, { state: of, steps }]) => of !== 'crashed' && steps.length > 0);
    const waiting = new Map(ready.map(([index, { steps }]) => [index, (steps[0] as Step).footprint()]));
    const choice = waiting.size === 0 ? undefined : choose(waiting, made);
    const player = choice === undefined ? undefined : players[choice.actor];
    const step = player?.steps.shift();
    if (choice === undefined || player === undefined || step === undefined) {
      world.release();
      return {
        made,
        isComplete: waiting.size === 0,
        isAnswered: players.map(({ state: of }) => of === 'answered'),
      };
    }
    made.push({ ...choice, label: step.label, isWrite: (waiting.get(choice.actor)?.writes ?? []).length > 0 });
    world.setCaller(player.name);
    if (choice.outcome.startsWith('crash')) player.state = 'crashed';
    step.settle(choice.outcome);
    await settle(players);
  }
};

/** A point of a run at which another actor could have made the next step. */
interface Node {
  readonly waiting: ReadonlyMap<number, Footprint>;
  /** Actors whose next step was explored from here or before, and is independent of what was made since. */
  readonly asleep: ReadonlySet<number>;
  readonly explored: Set<number>;
  choice: number;
}

const sleepAfter = ({ waiting, asleep, explored, choice }: Node): ReadonlySet<number> => {
  const made = waiting.get(choice);
  const others = new Set([...asleep, ...explored]);
  others.delete(choice);
  return new Set(
    [...others].filter((actor) => {
      const step = waiting.get(actor);
      return step !== undefined && made !== undefined && !areDependent(step, made);
    }),
  );
};

const firstAwake = ({ waiting, asleep, explored }: Omit<Node, 'choice'>): number | undefined =>
  [...waiting.keys()].find((actor) => !asleep.has(actor) && !explored.has(actor));

/**
 * Every schedule of the actors, each once: of two that differ only in the order of neighbouring steps which do not concern
 * each other, one (sleep sets). Yields what was played, in full.
 */
export async function* schedules(run: (choose: Choose) => Promise<Played>): AsyncGenerator<Played> {
  const path: Node[] = [];
  for (;;) {
    let depth = 0;
    const played = await run((waiting) => {
      const known = path[depth];
      depth += 1;
      if (known !== undefined) return { actor: known.choice, outcome: 'done' };
      const last = path.at(-1);
      const node = {
        waiting,
        asleep: last === undefined ? new Set<number>() : sleepAfter(last),
        explored: new Set<number>(),
      };
      const choice = firstAwake(node);
      if (choice === undefined) return undefined;
      path.push({ ...node, choice });
      return { actor: choice, outcome: 'done' };
    });
    if (played.isComplete) yield played;
    for (;;) {
      const node = path.at(-1);
      if (node === undefined) return;
      node.explored.add(node.choice);
      const next = firstAwake(node);
      if (next !== undefined) {
        node.choice = next;
        break;
      }
      path.pop();
    }
  }
}

/** Plays a schedule again with one fault, and goes on in its order as far as the actors do. */
export const withFault =
  (schedule: readonly Made[], at: number, outcome: Outcome): Choose =>
  (waiting, made) => {
    const planned = schedule[made.length];
    if (made.length === at && planned !== undefined) return { actor: planned.actor, outcome };
    const next = planned !== undefined && waiting.has(planned.actor) ? planned.actor : [...waiting.keys()][0];
    return next === undefined ? undefined : { actor: next, outcome: 'done' };
  };

/** The faults of a step: a crash after it, and where it writes the three ways in which its answer can be lost. */
export const faultsOf = ({ isWrite, label }: Made): readonly Outcome[] => {
  if (!isWrite) return ['crash_after'];
  const lost = ['crash_after', 'lost', 'answer_lost'] as const;
  return label === 'provider' || label === 'bus' ? lost : [...lost, 'repeated'];
};
