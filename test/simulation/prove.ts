import { parseArgs } from 'node:util';
import { originOf, writePart } from '../support/proof-page.ts';
import { prepare, STORY_NAMES } from './actors.ts';
import { type Explored, explore, type Limits, pairsOf } from './enumerate.ts';
import { writeFailure } from './failure-file.ts';
import { type Fuzzed, fuzz } from './fuzz/fuzz.ts';
import { playHistories } from './many-histories.ts';
import { SOMETIMES } from './sometimes.ts';
import { createRandom, virtualize } from './virtual.ts';
import { createWorld, META_ONLY } from './world.ts';

const { values: options } = parseArgs({
  options: {
    schedules: { type: 'string', default: '300' },
    'every-fault': { type: 'string', default: '1' },
    histories: { type: 'string', default: '10000' },
    inputs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
  },
});

interface Interleaved {
  readonly story: string;
  readonly pair: string;
  readonly schedules: number;
  readonly scope: Explored['scope'];
  readonly faulted: number;
  readonly violations: number;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const grouped = (number: number): string => number.toLocaleString('en-US');

const countOf = ({ schedules, scope }: Pick<Explored, 'schedules' | 'scope'>): string =>
  `${grouped(schedules)} of ${grouped(schedules)}${scope === 'all' ? '' : ' with one interruption of each'}`;

/** Every pair in the stories that matter to it. */
const interleave = async (limits: Limits): Promise<readonly Interleaved[]> => {
  const world = createWorld(META_ONLY);
  const restore = virtualize({ random: createRandom(1), fetch: world.fetch });
  const all: Interleaved[] = [];
  for (const story of STORY_NAMES) {
    world.restore(createWorld(META_ONLY).save());
    const state = await prepare(world, story);
    for (const [one, other] of pairsOf(story)) {
      const { violations, ...explored } = await explore(world, { state, actors: [one, other] }, limits);
      all.push({ story, pair: `${one.name}, ${other.name}`, ...explored, violations: violations.length });
      console.log(
        `${story}: ${one.name}, ${other.name}: ${countOf(explored)} schedules, ${explored.faulted} with a fault, ${violations.length} violations`,
      );
    }
  }
  restore();
  return all;
};

const started = new Date();
const everyFault = Number(options['every-fault']);
const interleaved = await interleave({
  schedules: Number(options.schedules),
  everyFault,
  beyond: 'one interruption',
});
const minutes = (Date.now() - started.getTime()) / 60_000;
const histories = await playHistories(Number(options.seed), Number(options.histories));
if (histories.failure !== undefined)
  for (const line of writeFailure(histories.failure, options).report) console.error(line);
const fuzzed = await fuzz(Number(options.seed), Number(options.inputs));
const complete = interleaved.filter(({ scope }) => scope === 'all');
const broken = interleaved.filter(({ violations }) => violations > 0);
const isProven =
  broken.length === 0 &&
  histories.failure === undefined &&
  histories.never.length === 0 &&
  [...fuzzed.faults, ...fuzzed.slow].length === 0;

/** The section on inputs that were changed, forged or odd. */
const changedInputs = ({ inputs, answers, faults, slow, suspected }: Fuzzed): readonly string[] => [
  '## Changed inputs',
  '',
  `${grouped(inputs)} inputs from seed ${options.seed}: real webhooks, events, answers and calls, changed in their structure, their text, their bytes, their headers or their signature, to every operation of docs/openapi.json, the webhooks and the queues. ${grouped(faults.length)} failed in the service, were accepted though node:crypto or docs/openapi.json refuse them, or were refused without naming the field.`,
  '',
  `${grouped(slow.length)} cost fifty times the median of their kind, length, answer and number of requests to the table; ${grouped(suspected)} did so once, of the CPU time of the thread, and not when repeated from the same state.`,
  '',
  '| what takes them | inputs | answers |',
  '| --- | --- | --- |',
  ...[...answers]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(
      ([target, byAnswer]) =>
        `| ${target} | ${grouped(sum([...byAnswer.values()]))} | ${[...byAnswer]
          .map(([answer, times]) => `${answer}: ${grouped(times)}`)
          .sort()
          .join(', ')} |`,
    ),
];

const rowsOfStory = (story: string): readonly string[] =>
  interleaved
    .filter((one) => one.story === story)
    .map(
      ({ pair, faulted, violations, ...explored }) =>
        `| ${pair} | ${countOf(explored)} | ${grouped(faulted)} | ${violations} |`,
    );

writePart('proof', [
  originOf(started, options),
  `- ${isProven ? 'Everything held.' : 'NOT everything held.'}`,
  '',
  '## Two who act on one customer at the same time',
  '',
  `Each pair meets in three stories, and some in ${STORY_NAMES.length - 3} of their own. Of schedules that differ only in the order of steps that do not concern each other, one is played; each again with a crash, a lost request, a lost answer or the SDK's repetition at ${everyFault === 1 ? 'every step' : `one of ${everyFault} steps`}. The state that is left must be what one after the other leaves, and keep the rules. Of a pair that has more than ${grouped(Number(options.schedules))} schedules, all are played in which each actor is interrupted once at most.`,
  '',
  `${grouped(sum(interleaved.map(({ schedules }) => schedules)))} schedules and ${grouped(sum(interleaved.map(({ faulted }) => faulted)))} with a fault; all schedules of ${complete.length} of ${interleaved.length} meetings, and of the others all with one interruption of each actor; ${broken.length} broke a rule. It took ${Math.ceil(minutes)} minutes.`,
  ...STORY_NAMES.flatMap((story) => [
    '',
    `### ${story}`,
    '',
    '| pair | schedules | with a fault | violations |',
    '| --- | --- | --- | --- |',
    ...rowsOfStory(story),
  ]),
  '',
  '## Random days of several people',
  '',
  `${grouped(histories.histories)} histories of ${grouped(histories.steps)} steps from seed ${options.seed}; ${histories.failure === undefined ? 'none broke a rule' : `seed ${histories.failure.seed} broke one: ${histories.failure.faults.join('; ')}`}. What they met:`,
  '',
  '| times | what |',
  '| --- | --- |',
  ...SOMETIMES.map((what) => `| ${grouped(histories.counters.get(what) ?? 0)} | ${what} |`),
  '',
  ...changedInputs(fuzzed),
]);
console.log(`docs/proof.md: ${isProven ? 'everything held' : 'NOT everything held'}`);
process.exitCode = isProven ? 0 : 1;
