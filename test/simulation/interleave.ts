import type { Actor } from './actors.ts';
import type { Footprint } from './footprint.ts';
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
  readonly footprint: Footprint;
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
    made.push({ ...choice, label: step.label, footprint: waiting.get(choice.actor) ?? step.footprint() });
    world.setCaller(player.name);
    if (choice.outcome.startsWith('crash')) player.state = 'crashed';
    step.settle(choice.outcome);
    await settle(players);
  }
};

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
export const faultsOf = ({ footprint, label }: Pick<Made, 'footprint' | 'label'>): readonly Outcome[] => {
  if (footprint.writes.length === 0) return ['crash_after'];
  const lost = ['crash_after', 'lost', 'answer_lost'] as const;
  return label === 'provider' || label === 'bus' ? lost : [...lost, 'repeated'];
};

/**
 * What else can become of a step among others: DynamoDB refuses it for now, or a provider or the bus does. Nothing is written,
 * so that two actors alone leave nothing then that a lost request does not leave.
 */
export const contentionOf = ({ footprint, label }: Pick<Made, 'footprint' | 'label'>): readonly Outcome[] => {
  if (label === 'provider' || label === 'bus') return ['rate_limited'];
  return footprint.writes.length === 0
    ? ['throttled', 'throttled_for_long']
    : ['conflict', 'throttled', 'throttled_for_long'];
};
