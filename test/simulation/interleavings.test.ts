import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepare, STORY_NAMES } from './actors.ts';
import { explore, pairsOf, type Violation } from './enumerate.ts';
import { createRandom, virtualize } from './virtual.ts';
import { createWorld, META_ONLY } from './world.ts';

/** `npm run proof` plays them all. */
const LIMITS = { schedules: 32, everyFault: 100, beyond: 'first' } as const;
const TIMEOUT_MS = 600_000;

const world = createWorld(META_ONLY);
let restore = (): void => undefined;
beforeAll(() => {
  restore = virtualize({ random: createRandom(1), fetch: world.fetch });
});
afterAll(() => restore());

const inWords = ({ made, faults }: Violation): string => {
  const steps = made.map(({ actor, label, outcome }) => `${actor} ${label}${outcome === 'done' ? '' : ` ${outcome}`}`);
  return `${faults.join('; ')}: ${steps.join(', ')}`;
};

describe('two who act on one customer at the same time', () => {
  it.each(STORY_NAMES)(
    'leave what one after the other would leave, in any order and after any fault: %s',
    async (story) => {
      world.restore(createWorld(META_ONLY).save());
      const state = await prepare(world, story);
      for (const [one, other] of pairsOf(story)) {
        const { violations, schedules } = await explore(world, { state, actors: [one, other] }, LIMITS);

        expect(violations.slice(0, 1).map(inWords), `${one.name} and ${other.name}`).toEqual([]);
        expect(schedules).toBeGreaterThan(0);
      }
    },
    TIMEOUT_MS,
  );
});
