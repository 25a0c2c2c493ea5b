import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import pMap from 'p-map';
import * as z from 'zod';
import { keepCompiledCode } from './support/compile-cache.ts';

/** A program that must exit with 0. */
interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

/** What `npm run check` runs, and `npm test` first. */
const CHECKS: readonly Check[] = [
  { name: 'format and style (biome)', command: ['biome', 'ci', '--error-on-warnings', '.'] },
  {
    name: 'rules that need types, and the imports that each folder allows (oxlint)',
    command: ['oxlint', '--type-aware', '--deny-warnings', 'functions', 'infra', 'test', 'vitest.config.ts'],
  },
  { name: 'types (tsc)', command: ['tsc', '--noEmit'] },
  { name: 'types of the client (tsc)', command: ['tsc', '--noEmit', '--project', 'functions/client'] },
  { name: 'types of the console’s page (tsc)', command: ['tsc', '--noEmit', '--project', 'functions/console'] },
  { name: 'dead code and dependencies (knip)', command: ['knip'] },
  { name: 'docs/openapi.json matches the code', command: ['node', 'infra/build/openapi.ts', '--check'] },
  {
    name: 'docs/openapi.json has no error and no warning (redocly)',
    command: ['redocly', 'lint', 'docs/openapi.json'],
  },
  {
    name: 'docs/openapi.json has no error and no warning (spectral)',
    command: ['spectral', 'lint', '--fail-severity', 'hint', 'docs/openapi.json'],
  },
  { name: 'docs/events matches the code', command: ['node', 'infra/build/event-schemas.ts', '--check'] },
];

// Whoever names one file means `npm run test:one`, and not everything.
const {
  values: { checks: onlyChecks },
} = parseArgs({ options: { checks: { type: 'boolean', default: false } } });

const reports = mkdtempSync(join(tmpdir(), 'carewindow-test-'));
const vitestReport = join(reports, 'vitest.json');
const assembly = join(reports, 'cdk.out');

/** Of a stage of the tests, since the example in infra/config.ts has placeholders, which are refused. */
const SYNTH: Check = {
  name: 'cdk synth, with cdk-nag',
  command: ['cdk', 'synth', '--quiet', '--output', assembly, '--app', 'node test/infra/app-with-everything.ts'],
};

/** All kinds of tests; each test counts as one. */
const VITEST: Check = {
  name: 'vitest',
  command: ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`],
};

const run = ({ command: [program, ...args] }: Check): Promise<boolean> =>
  new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit' });
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** Runs a check, and prints what it says in one piece when it ends. */
const runAside = ({ name, command: [program, ...args] }: Check): Promise<boolean> =>
  new Promise((resolve) => {
    const started = performance.now();
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    const end = (ok: boolean): void => {
      console.log(`${said}${ok ? 'ok' : 'FAILED'}: ${name} (${seconds(started)})\n`);
      resolve(ok);
    };
    child.once('error', ({ message }) => {
      said += `${message}\n`;
      end(false);
    });
    child.once('close', (code) => end(code === 0));
  });

const Report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

/** Counts a suite that could not run, a skipped test, a run of no tests and a run without a report as failures. */
const countTests = (succeeded: boolean): { passed: number; failed: number } => {
  try {
    const report = Report.parse(JSON.parse(readFileSync(vitestReport, 'utf8')));
    const broken = report.testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
    );
    const failed = report.numFailedTests + report.numPendingTests + report.numTodoTests + broken.length;
    const passed = report.numPassedTests;
    return { passed, failed: succeeded && passed > 0 ? failed : Math.max(1, failed) };
  } catch {
    return { passed: 0, failed: 1 };
  }
};

keepCompiledCode();
// Most of them use one core.
const checks = await pMap(onlyChecks ? CHECKS : [...CHECKS, SYNTH], runAside, { concurrency: 2 });
let passed = checks.filter(Boolean).length;
let failed = checks.length - passed;
if (!onlyChecks) {
  // The rehearsal plays what was synthesized, and need not do so again.
  process.env['SYNTHESIZED'] = assembly;
  const tests = countTests(await run(VITEST));
  passed += tests.passed;
  failed += tests.failed;
}
rmSync(reports, { recursive: true, force: true });
process.exitCode = failed === 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);
