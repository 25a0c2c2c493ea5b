import { areDependent, type Footprint } from './footprint.ts';
import type { Choose, Made, Played } from './interleave.ts';

/** Plays two actors from the same state on, as they are chosen. */
export type Run = (choose: Choose) => Promise<Played>;

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
export async function* schedules(run: Run): AsyncGenerator<Played> {
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

/** The order of the steps of two actors that concern each other: the same for schedules that differ in other steps alone. */
const orderOf = (made: readonly Made[]): string => {
  const before = [0, 1].map((actor) => {
    const own = [...made.entries()].filter(([, step]) => step.actor === actor);
    return own.map(([at, { footprint }]) => {
      const others = made.slice(0, at).filter((step) => step.actor !== actor);
      return others.filter((other) => areDependent(other.footprint, footprint)).length;
    });
  });
  return JSON.stringify(before);
};

interface Interruption {
  readonly first: number;
  /** Steps of the first actor before it is interrupted, and of the other one before that one is. */
  readonly steps: readonly [number, number];
}

const interrupted =
  ({ first, steps: [before, between] }: Interruption): Choose =>
  (waiting, made) => {
    const ofFirst = made.filter(({ actor }) => actor === first).length;
    const isTurnOfFirst = ofFirst < before || made.length - ofFirst >= between;
    const actor = [...waiting.keys()].find((one) => (one === first) === isTurnOfFirst) ?? [...waiting.keys()][0];
    return actor === undefined ? undefined : { actor, outcome: 'done' };
  };

/** Every schedule of two actors in which each is interrupted once at most; of those in the same order, one. */
export async function* schedulesOfOneInterruption(run: Run): AsyncGenerator<Played> {
  const seen = new Set<string>();
  for (const first of [0, 1])
    for (let [before, isOver] = [1, false]; !isOver; before += 1)
      for (let [between, isLast] = [1, false]; !isLast; between += 1) {
        const played = await run(interrupted({ first, steps: [before, between] }));
        const ofFirst = played.made.filter(({ actor }) => actor === first).length;
        isOver = ofFirst <= before;
        isLast = isOver || played.made.length - ofFirst <= between;
        const order = orderOf(played.made);
        if (!seen.has(order)) yield played;
        seen.add(order);
      }
}
