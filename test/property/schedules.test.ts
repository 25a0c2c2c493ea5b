import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Footprint } from '../simulation/footprint.ts';
import type { Choose, Made, Played } from '../simulation/interleave.ts';
import { schedules, schedulesOfOneInterruption } from '../simulation/schedules.ts';

type Steps = readonly (readonly Footprint[])[];

/** A step that reads or writes one of two items. */
const step: fc.Arbitrary<Footprint> = fc
  .record({ item: fc.constantFrom('one', 'other'), isWrite: fc.boolean() })
  .map(({ item, isWrite }) => ({ reads: isWrite ? [] : [item], writes: isWrite ? [item] : [] }));
const actor = fc.array(step, { minLength: 1, maxLength: 4 });
const twoActors = fc.tuple(actor, actor);

const run =
  (steps: Steps) =>
  async (choose: Choose): Promise<Played> => {
    const made: Made[] = [];
    for (;;) {
      const ready = steps.flatMap((own, index) => {
        const next = own[made.filter((one) => one.actor === index).length];
        return next === undefined ? [] : [[index, next] as const];
      });
      const waiting = new Map(ready);
      const choice = waiting.size === 0 ? undefined : choose(waiting, made);
      const footprint = choice && waiting.get(choice.actor);
      if (choice === undefined || footprint === undefined)
        return { made, isComplete: waiting.size === 0, isAnswered: [true, true] };
      made.push({ ...choice, label: 'step', footprint });
    }
  };

/** Every order of the actors' steps. */
const ordersOf = (one: number, other: number): readonly string[] => {
  if (one === 0 || other === 0) return ['0'.repeat(one) + '1'.repeat(other)];
  return [...ordersOf(one - 1, other).map((rest) => `0${rest}`), ...ordersOf(one, other - 1).map((rest) => `1${rest}`)];
};

const concern = (one: Footprint, other: Footprint): boolean =>
  one.writes.some((item) => [...other.reads, ...other.writes].includes(item)) ||
  one.reads.some((item) => other.writes.includes(item));

/** Which of the steps that concern each other comes first, of each two. */
const classOf = (order: string, steps: Steps): string => {
  const at = (actorIndex: number, index: number): number =>
    [...order.matchAll(new RegExp(String(actorIndex), 'g'))][index]?.index ?? -1;
  return (steps[0] ?? [])
    .flatMap((own, index) =>
      (steps[1] ?? []).map((other, place) => (concern(own, other) ? String(at(0, index) < at(1, place)) : '')),
    )
    .join(' ');
};

const orderOf = ({ made }: Played): string => made.map((one) => one.actor).join('');

const played = async (generate: typeof schedules, steps: Steps): Promise<readonly string[]> => {
  const orders: string[] = [];
  for await (const one of generate(run(steps))) orders.push(orderOf(one));
  return orders;
};

const classes = (orders: readonly string[], steps: Steps) => orders.map((order) => classOf(order, steps)).sort();

const INTERRUPTED_TWICE = /0+1+0+1+0|1+0+1+0+1/;

describe('of the orders of two actors that differ only in steps which do not concern each other, one is played', () => {
  it.each([
    ['of all', schedules, () => true],
    [
      'of those in which each is interrupted once at most',
      schedulesOfOneInterruption,
      (order: string) => !INTERRUPTED_TWICE.test(order),
    ],
  ] as const)('%s', async (_, generate, isPlayed) => {
    await fc.assert(
      fc.asyncProperty(twoActors, async (steps) => {
        const expected = ordersOf(steps[0].length, steps[1].length).filter(isPlayed);

        expect(classes(await played(generate, steps), steps)).toEqual([...new Set(classes(expected, steps))]);
      }),
    );
  });
});
