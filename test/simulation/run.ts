import { parseArgs } from 'node:util';
import { writeFailure } from './failure-file.ts';
import { playHistories } from './many-histories.ts';
import { SOMETIMES } from './sometimes.ts';

const { values: options } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, histories: { type: 'string', default: '200' } },
});
const [seed, histories] = [Number(options.seed), Number(options.histories)];
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(histories) || histories < 1)
  throw new Error('--seed and --histories are whole numbers, such as --seed 1 --histories 200');

const started = performance.now();
const { counters, failure, never, steps, histories: played } = await playHistories(seed, histories);
console.log(`${played} histories, ${steps} steps, ${((performance.now() - started) / 1000).toFixed(1)} s`);
for (const what of SOMETIMES) console.log(`${String(counters.get(what) ?? 0).padStart(8)} times ${what}`);
for (const what of never) console.error(`never: ${what}`);
if (failure !== undefined) for (const line of writeFailure(failure, options).report) console.error(line);
process.exitCode = failure === undefined && never.length === 0 ? 0 : 1;
