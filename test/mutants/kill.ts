import { prepare } from '../simulation/actors.ts';
import { explore, pairsOf } from '../simulation/enumerate.ts';
import { playHistories } from '../simulation/many-histories.ts';
import { createRandom, virtualize } from '../simulation/virtual.ts';
import { createWorld, META_ONLY } from '../simulation/world.ts';

/** The histories that `npm test` plays. */
const HISTORIES = 130;
/** The first of a meeting, in the order in which they are explored. */
const LIMITS = { schedules: 250, everyFault: 0, beyond: 'first' } as const;

const playMany = async (): Promise<string | undefined> => {
  const { failure } = await playHistories(1, HISTORIES, { shrinks: false });
  return failure === undefined ? undefined : `history ${failure.seed}: ${failure.faults[0]}`;
};

const meet = async (story: string, ...names: readonly string[]): Promise<string | undefined> => {
  const world = createWorld(META_ONLY);
  virtualize({ random: createRandom(1), fetch: world.fetch });
  const state = await prepare(world, story);
  const actors = pairsOf(story).find((pair) => pair.every(({ name }, index) => name === names[index]));
  if (actors === undefined) throw new Error(`${names.join(' and ')} do not meet in the story ${story}`);
  const { violations } = await explore(world, { state, actors }, LIMITS);
  const [first] = violations;
  return first && `${names.join(' and ')}, ${story}: ${first.faults[0]}`;
};

/** Prints what notices the defect in this copy of the code; nothing where it survives. */
const [story, ...names] = process.argv.slice(2);
const noticed = await (story === undefined ? playMany() : meet(story, ...names)).catch(
  (fault: unknown) => `thrown: ${fault instanceof Error ? fault.message : typeof fault}`,
);
console.log(noticed ?? '');
