import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inOwnProcess } from '../support/own-process.ts';
import { measureAgainstRaw } from './against-raw.ts';
import { bundleAll, measureBundles } from './bundles.ts';
import { measureContest } from './contestants.ts';
import { onEngine } from './engine.ts';
import { toText } from './format.ts';
import { measureMemory } from './memory.ts';
import { writeDocuments } from './report.ts';
import { loadResults, originOf, type Results, saveResults } from './results.ts';
import type { Stream } from './stream.worker.ts';
import { worker } from './support.ts';
import {
  behaviourTable,
  bundlesTable,
  contestTable,
  memoryTable,
  operationsTable,
  streamTable,
  unitsTable,
} from './tables.ts';

/** `--short` measures in a fifth of the time, for a look while one works; `--render` measures nothing. An unknown option ends the run before it begins. */
const { values: options } = parseArgs({
  options: { short: { type: 'boolean', default: false }, render: { type: 'boolean', default: false } },
});
const ROUNDS = options.short ? 2 : 7;
const BURST = options.short ? 10_000 : 100_000;

/** Measures everything in one run. */
const measureAll = async (): Promise<Results> => {
  const folder = mkdtempSync(join(tmpdir(), 'carewindow-bench-'));
  try {
    const origin = originOf(ROUNDS);
    await bundleAll(folder);
    return {
      origin,
      operations: await measureAgainstRaw(folder, ROUNDS),
      memory: await measureMemory(folder, ROUNDS),
      contest: await measureContest(folder, ROUNDS),
      stream: await onEngine((place) => inOwnProcess<Stream>(worker('stream'), [JSON.stringify(place), String(BURST)])),
      bundles: await measureBundles(folder, ROUNDS),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

// `--render` writes the documents again from the results of the last run.
const results = options.render ? loadResults() : await measureAll();
saveResults(results);
writeDocuments(results);
for (const table of [operationsTable, unitsTable, contestTable, behaviourTable, streamTable, memoryTable, bundlesTable])
  console.log(`\n${toText(table(results))}`);
