import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import type { AgainstRaw } from './against-raw.ts';
import type { Bundle } from './bundles.ts';
import type { Contestant } from './contestants.ts';
import type { MemoryOf } from './memory.ts';
import type { ScenarioName } from './scenarios.ts';
import type { Stream } from './stream.worker.ts';

/** When, of what and where a run measured. */
export interface Origin {
  readonly date: string;
  readonly commit: string;
  readonly machine: string;
  /** Processes that wanted a processor while the run began: figures of a busy machine are worth little. */
  readonly load: number;
  /** Measurements of the same thing, of which tables show the median. */
  readonly rounds: number;
}

/** What one run of `npm run bench` measured. */
export interface Results {
  readonly origin: Origin;
  readonly bundles: readonly Bundle[];
  readonly operations: Readonly<Record<ScenarioName, AgainstRaw>>;
  readonly memory: readonly MemoryOf[];
  readonly contest: readonly Contestant[];
  readonly stream: Stream;
}

const FILE = join(import.meta.dirname, 'results.json');

export const saveResults = (results: Results): void =>
  writeFileSync(FILE, `${JSON.stringify(results, undefined, 1)}\n`);

export const loadResults = (): Results => JSON.parse(readFileSync(FILE, 'utf8')) as Results;

const git = (...args: readonly string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();

export const originOf = (rounds: number): Origin => {
  const [cpu, ...others] = cpus();
  const changed = git('status', '--porcelain', '--', 'functions', 'infra') === '' ? '' : ' with changes';
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: `${git('rev-parse', '--short=12', 'HEAD')}${changed}`,
    machine: `${others.length + 1} × ${cpu?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node.js ${process.versions.node}`,
    load: loadavg()[0] ?? Number.NaN,
    rounds,
  };
};
