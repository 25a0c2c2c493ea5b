import { prepare, STORY_NAMES } from '../simulation/actors.ts';
import { explore, PAIRS } from '../simulation/enumerate.ts';
import { playHistories } from '../simulation/many-histories.ts';
import { createRandom, virtualize } from '../simulation/virtual.ts';
import { createWorld, META_ONLY } from '../simulation/world.ts';

/** Prints what notices the defect in this copy, the cheapest first; nothing where it survives. */
const find = async (): Promise<string | undefined> => {
  const { failure } = await playHistories(1, 100);
  if (failure !== undefined) return `history ${failure.seed}: ${failure.faults[0]}`;
  const world = createWorld(META_ONLY);
  const restore = virtualize({ random: createRandom(1), fetch: world.fetch });
  for (const story of STORY_NAMES) {
    world.restore(createWorld(META_ONLY).save());
    const state = await prepare(world, story);
    for (const [one, other] of PAIRS) {
      const { violations } = await explore(world, { state, actors: [one, other] }, { schedules: 40, everyFault: 0 });
      const [first] = violations;
      if (first !== undefined) return `${story}, ${one.name} and ${other.name}: ${first.faults[0]}`;
    }
  }
  restore();
  return undefined;
};

console.log(
  (await find().catch((fault: unknown) => `thrown: ${fault instanceof Error ? fault.message : typeof fault}`)) ?? '',
);
