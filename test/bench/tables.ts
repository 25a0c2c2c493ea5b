import type { AgainstRaw } from './against-raw.ts';
import { counted, mebibytes, rounded, spread, type TableOf } from './format.ts';
import type { Results } from './results.ts';
import type { ScenarioName } from './scenarios.ts';
import { median } from './support.ts';

const NAMES: Readonly<Record<ScenarioName, string>> = {
  known: 'message of a known customer',
  first: 'first message of a customer',
  delivered: 'status `delivered`',
  send: 'session message to a customer',
  thousand: 'webhook of a thousand messages',
};

const of = (runs: AgainstRaw['runs'], value: (run: AgainstRaw['runs'][number]) => number) => runs.map(value);

/** How near each operation comes to the requests that it makes. */
export const operationsTable = ({ operations }: Results): TableOf => ({
  head: ['', 'a second', 'raw requests alone', 'ratio', 'p50 / p99 ms', 'own CPU ms'],
  rows: Object.entries(operations).map(([name, { runs, ownCpuMs }]) => [
    NAMES[name as ScenarioName],
    rounded(median(of(runs, ({ handler }) => handler.perSecond)), name === 'thousand' ? 2 : 0),
    rounded(median(of(runs, ({ raw }) => raw.perSecond)), name === 'thousand' ? 2 : 0),
    spread(of(runs, ({ handler, raw }) => handler.perSecond / raw.perSecond)),
    `${rounded(median(of(runs, ({ handler }) => handler.p50Ms)))} / ${rounded(median(of(runs, ({ handler }) => handler.p99Ms)))}`,
    spread(ownCpuMs),
  ]),
});

/** What each operation asks of DynamoDB. */
export const unitsTable = ({ operations }: Results): TableOf => ({
  head: ['', 'requests (their units)', 'write units', 'of them for the index', 'read units'],
  rows: Object.entries(operations).map(([name, { units }]) => [
    NAMES[name as ScenarioName],
    Object.entries(units.requests)
      .map(([request, { count, units: consumed }]) => `${counted(count)} ${request} (${rounded(consumed, 1)})`)
      .join(', '),
    rounded(units.write, 1),
    rounded(units.index, 1),
    rounded(units.read, 1),
  ]),
});

/** Bytes and cold starts. */
export const bundlesTable = ({ bundles }: Results): TableOf => ({
  head: ['', 'bytes', 'gzipped', 'import ms', 'CPU to a bare handler'],
  rows: bundles.map(({ name, bytes, gzipped, importMs, ratio }) => [
    name,
    counted(bytes),
    counted(gzipped),
    rounded(importMs, 1),
    rounded(ratio, 2),
  ]),
});

/** The memory of the deployed bundle. */
export const memoryTable = ({ memory }: Results): TableOf => ({
  head: ['young generation of V8', 'body', 'idle', 'peak', 'first webhook ms', 'largest ms'],
  rows: memory.map(({ semiSpace, bodyBytes, idleBytes, peakBytes, times }) => [
    semiSpace,
    mebibytes(bodyBytes),
    mebibytes(idleBytes),
    mebibytes(peakBytes),
    rounded(times[0] ?? Number.NaN),
    // The second one is the first message of a thousand customers.
    rounded(median(times.slice(2))),
  ]),
});

/** The two writes alone, with which every other is compared. */
const limitOf = ({ contest }: Results) => contest[0]?.runs ?? [];

/** CareWindow beside the libraries, in turns. */
export const contestTable = (results: Results): TableOf => ({
  head: ['', 'a second', 'to the two writes alone', 'p50 / p99 ms', 'CPU ms', 'memory'],
  rows: results.contest.map(({ name, runs, residentBytes }) => [
    name,
    rounded(median(runs.map(({ perSecond }) => perSecond))),
    spread(runs.map(({ perSecond }, run) => perSecond / (limitOf(results)[run]?.perSecond ?? Number.NaN))),
    `${rounded(median(runs.map(({ p50Ms }) => p50Ms)))} / ${rounded(median(runs.map(({ p99Ms }) => p99Ms)))}`,
    rounded(median(runs.map(({ cpuMs }) => cpuMs)), 2),
    mebibytes(residentBytes),
  ]),
});

const asWindow = (isRight: boolean): string => (isRight ? 'right' : 'too short');

/** What becomes of messages that do not come one by one and in order. */
export const behaviourTable = ({ contest }: Results): TableOf => ({
  head: [
    '',
    'five in one webhook',
    'window after a replay',
    'window after a pair in the wrong order',
    'forged signature',
  ],
  rows: contest.flatMap(({ name, behaviour }) =>
    behaviour === undefined
      ? []
      : [
          [
            name,
            behaviour.storedOfFive === undefined ? 'one each' : `${behaviour.storedOfFive} stored`,
            asWindow(behaviour.isWindowRightAfterReplay),
            asWindow(behaviour.isWindowRightInWrongOrder),
            String(behaviour.forgedStatus),
          ],
        ],
  ),
});

/** What one shard of the table's stream carries, and how long a burst of changes waits. */
export const streamTable = ({ stream }: Results): TableOf => {
  const perSecond = stream.times.map((ms) => (stream.batch / ms) * 1_000);
  const seconds = stream.times.reduce((sum, ms) => sum + ms, 0) / 1_000;
  return {
    head: ['changes at once', 'a batch ms', 'PutEvents a batch', 'changes a second', 'the last one is published after'],
    rows: [
      [
        counted(stream.changes),
        spread(stream.times, 0),
        rounded(stream.putEvents, 1),
        spread(perSecond, 0),
        `${counted(seconds)} s`,
      ],
    ],
  };
};
