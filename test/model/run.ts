import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MODEL_MUTANTS, type ModelMutant } from './mutants.ts';

/*
 * npm run model: checks the model's invariants on random runs, that each mistake of the list breaks one, and plays traces
 * of the model on the code. `npm run model -- --keep` replaces the traces that npm test plays.
 */

const FOLDER = import.meta.dirname;
const MODEL = join(FOLDER, 'carewindow.qnt');
const QUINT = join(FOLDER, 'node_modules', '@informalsystems', 'quint', 'dist', 'src', 'cli.js');
const VITEST = join(FOLDER, '..', '..', 'node_modules', 'vitest', 'vitest.mjs');

const INVARIANTS = ['noTextOutside', 'oneTemplate', 'oneCallPerKey', 'windowIsReal', 'onePerson', 'slotIsHeld'];
const WITNESSES = ['sawLateArrival', 'sawTemplate', 'sawUsed', 'sawLinkedSlot', 'sawProof'];
const SAMPLES = 3_000;
const MUTANT_SAMPLES = 5_000;
const TRACES = 200;
const KEPT_TRACES = 4;

const print = (line: string): void => console.log(line);

interface Ran {
  readonly ok: boolean;
  readonly output: string;
}

const run = (program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Ran => {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: FOLDER,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 256 * 1024 * 1024,
  });
  return { ok: status === 0, output: `${stdout}${stderr}` };
};

const install = (): void => {
  if (existsSync(QUINT)) return;
  print('Installing the model checker, once …');
  const { ok, output } = run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  if (!ok) throw new Error(`the model checker cannot be installed:\n${output}`);
};

const quint = (...args: readonly string[]): Ran => run(process.execPath, [QUINT, ...args]);

const simulate = (file: string, ...args: readonly string[]): Ran =>
  quint('run', file, '--backend', 'typescript', '--max-steps', '30', ...args);

/** Every invariant on random runs, each of which must have seen what it is about. */
const checkModel = (): readonly string[] => {
  const { ok, output } = simulate(
    MODEL,
    '--max-samples',
    String(SAMPLES),
    '--invariants',
    ...INVARIANTS,
    '--witnesses',
    ...WITNESSES,
  );
  if (!ok) return [`the model breaks an invariant:\n${output}`];
  const seen = WITNESSES.map(
    (name) => [name, Number(new RegExp(`${name} was witnessed in (\\d+)`).exec(output)?.[1] ?? 0)] as const,
  );
  print(
    `ok: ${INVARIANTS.length} invariants in ${SAMPLES} runs of 30 steps (${seen.map((pair) => pair.join(' ')).join(', ')})`,
  );
  return seen.filter(([, count]) => count === 0).map(([name]) => `no run has seen ${name}`);
};

/** Whether the invariant that must notice a mistake notices it. */
const killMutant = (folder: string, { name, from, to, killedBy }: ModelMutant): readonly string[] => {
  const model = readFileSync(MODEL, 'utf8');
  if (model.split(from).length !== 2) return [`the mutant "${name}" does not apply once`];
  const file = join(folder, 'carewindow.qnt');
  writeFileSync(
    file,
    model.replace(from, () => to),
  );
  const { ok, output } = simulate(file, '--max-samples', String(MUTANT_SAMPLES), '--invariant', killedBy);
  const isKilled = !ok && output.includes('[violation]');
  print(`${isKilled ? 'killed' : 'SURVIVED'}: ${name} (${killedBy})`);
  return isKilled ? [] : [`the mutant "${name}" survives ${killedBy}`];
};

/** Makes traces; all are one when a seed is not given, so each has its own. */
const makeTraces = (folder: string, count: number): readonly string[] => {
  const out = join(folder, 'trace-{seq}.itf.json');
  const { ok, output } = simulate(
    MODEL,
    '--mbt',
    '--max-samples',
    String(count),
    '--n-traces',
    String(count),
    '--out-itf',
    out,
  );
  return ok ? [] : [`no traces could be made:\n${output}`];
};

/** Makes the traces that `npm test` plays, without the path and the time that Quint writes into them. */
const keepTraces = (folder: string): readonly string[] => {
  const faults = makeTraces(folder, KEPT_TRACES);
  for (const file of globSync(join(folder, '*.itf.json'))) {
    const { '#meta': _, ...trace } = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, `${JSON.stringify(trace)}\n`);
  }
  return faults;
};

/** Plays the traces of a folder on the code. */
const replayTraces = (folder: string): readonly string[] => {
  const args = [VITEST, 'run', '--root', join(FOLDER, '..', '..'), '--project', 'unit', 'test/unit/model'];
  const { ok, output } = run(process.execPath, args, { MODEL_TRACES: folder });
  if (ok) print(`ok: ${TRACES} traces of 30 steps, step by step on the code`);
  return ok ? [] : [`the code does not do what the model does:\n${output}`];
};

const main = (): readonly string[] => {
  install();
  const folder = mkdtempSync(join(tmpdir(), 'carewindow-model-'));
  try {
    if (process.argv.includes('--keep')) return keepTraces(join(FOLDER, 'traces'));
    const typed = quint('typecheck', MODEL);
    if (!typed.ok) return [typed.output];
    return [
      ...checkModel(),
      ...MODEL_MUTANTS.flatMap((mutant) => killMutant(folder, mutant)),
      ...makeTraces(folder, TRACES),
      ...replayTraces(folder),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const faults = main();
for (const fault of faults) print(`FAILED: ${fault}`);
process.exitCode = faults.length === 0 ? 0 : 1;
