import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pMap from 'p-map';
import { inOwnProcess } from '../support/own-process.ts';
import { originOf, writePart } from '../support/proof-page.ts';
import { STORY_NAMES } from './actors.ts';
import type { Explored, Limits } from './enumerate.ts';
import type { Fuzzed } from './fuzz/fuzz.ts';
import type { Met, Played, Task } from './proof.worker.ts';
import { type Counters, SOMETIMES } from './sometimes.ts';

const { values: options } = parseArgs({
  options: {
    schedules: { type: 'string', default: '300' },
    'every-fault': { type: 'string', default: '1' },
    histories: { type: 'string', default: '10000' },
    inputs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
  },
});

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const grouped = (number: number): string => number.toLocaleString('en-US');

const countOf = ({ schedules, scope }: Pick<Explored, 'schedules' | 'scope'>): string =>
  `${grouped(schedules)} of ${grouped(schedules)}${scope === 'all' ? '' : ' with one interruption of each'}`;

/** Histories of a process, and inputs. */
const HISTORIES = 500;
const INPUTS = 50_000;

/** Parts of so many at most, each from a seed of its own. */
const partsOf = (kind: 'histories' | 'inputs', count: number, size: number): readonly Task[] =>
  Array.from({ length: Math.ceil(count / size) }, (_, index) => ({
    kind,
    seed: Number(options.seed) + index * size,
    count: Math.min(size, count - index * size),
  }));

const nameOf = (task: Task): string =>
  task.kind === 'meetings' ? `meetings: ${task.story}` : `${grouped(task.count)} ${task.kind} from seed ${task.seed}`;

/** Runs parts, as many at the same time as there are processors. */
const runAll = async <T>(tasks: readonly Task[]): Promise<readonly T[]> =>
  pMap(
    tasks,
    async (task) => {
      const result = await inOwnProcess<T>(join(import.meta.dirname, 'proof.worker.ts'), [JSON.stringify(task)]);
      console.log(`${nameOf(task)}: done after ${Math.round((Date.now() - started.getTime()) / 1000)} s`);
      return result;
    },
    { concurrency: availableParallelism() },
  );

const minutesSince = (since: number): number => Math.ceil((Date.now() - since) / 60_000);

const started = new Date();
const everyFault = Number(options['every-fault']);
const limits: Limits = { schedules: Number(options.schedules), everyFault, beyond: 'one interruption' };
const interleaved = (
  await runAll<readonly Met[]>(STORY_NAMES.map((story) => ({ kind: 'meetings', story, limits })))
).flat();
const minutes = minutesSince(started.getTime());
const played = await runAll<Played>(partsOf('histories', Number(options.histories), HISTORIES));
const counters: Counters = new Map(
  SOMETIMES.map((what) => [what, sum(played.map((part) => part.counters.get(what) ?? 0))]),
);
const histories = {
  histories: sum(played.map((part) => part.histories)),
  steps: sum(played.map(({ steps }) => steps)),
  counters,
  never: SOMETIMES.filter((what) => counters.get(what) === 0),
  failures: played.flatMap(({ failure }) => failure),
};
for (const line of histories.failures) console.error(line);
const parts = await runAll<Fuzzed>(partsOf('inputs', Number(options.inputs), INPUTS));

/** The answers of all parts. */
const answersOf = (): Fuzzed['answers'] => {
  const all = new Map<string, Map<number | string, number>>();
  for (const { answers } of parts)
    for (const [target, byAnswer] of answers) {
      const known = all.get(target) ?? new Map<number | string, number>();
      for (const [answer, times] of byAnswer) known.set(answer, (known.get(answer) ?? 0) + times);
      all.set(target, known);
    }
  return all;
};
const fuzzed: Fuzzed = {
  inputs: sum(parts.map(({ inputs }) => inputs)),
  answers: answersOf(),
  faults: parts.flatMap(({ faults }) => faults),
  suspected: sum(parts.map(({ suspected }) => suspected)),
  slow: parts.flatMap(({ slow }) => slow),
};
for (const line of [...fuzzed.faults, ...fuzzed.slow]) console.error(line);
const complete = interleaved.filter(({ scope }) => scope === 'all');
const broken = interleaved.filter(({ violations }) => violations > 0);
const isProven =
  broken.length === 0 &&
  histories.failures.length === 0 &&
  histories.never.length === 0 &&
  [...fuzzed.faults, ...fuzzed.slow].length === 0;

/** The section on inputs that were changed, forged or odd. */
const changedInputs = ({ inputs, answers, faults, slow, suspected }: Fuzzed): readonly string[] => [
  '## Changed inputs',
  '',
  `${grouped(inputs)} inputs from seed ${options.seed} on: real webhooks, events, answers and calls, changed in their structure, their text, their bytes, their headers or their signature, to every operation of docs/openapi.json, the webhooks and the queues. ${grouped(faults.length)} failed in the service, were accepted though node:crypto or docs/openapi.json refuse them, or were refused without naming the field.`,
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
  `${grouped(sum(interleaved.map(({ schedules }) => schedules)))} schedules and ${grouped(sum(interleaved.map(({ faulted }) => faulted)))} with a fault; all schedules of ${complete.length} of ${interleaved.length} meetings, and of the others all with one interruption of each actor; ${broken.length} broke a rule. It took ${minutes} minutes.`,
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
  `${grouped(histories.histories)} histories of ${grouped(histories.steps)} steps from seed ${options.seed} on; ${histories.failures.length === 0 ? 'none broke a rule' : histories.failures.join('; ')}. What they met:`,
  '',
  '| times | what |',
  '| --- | --- |',
  ...SOMETIMES.map((what) => `| ${grouped(histories.counters.get(what) ?? 0)} | ${what} |`),
  '',
  ...changedInputs(fuzzed),
]);
console.log(`docs/proof.md: ${isProven ? 'everything held' : 'NOT everything held'}`);
process.exitCode = isProven ? 0 : 1;
