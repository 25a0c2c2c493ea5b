import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import * as z from 'zod';

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

/** Of a stage of the tests, since the example in infra/config.ts has placeholders, which are refused. */
const SYNTH: Check = {
  name: 'cdk synth, with cdk-nag',
  command: ['cdk', 'synth', '--quiet', '--app', 'node test/infra/app-with-everything.ts'],
};

const reports = mkdtempSync(join(tmpdir(), 'carewindow-test-'));
const vitestReport = join(reports, 'vitest.json');

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

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

const onlyChecks = process.argv.includes('--checks');
let passed = 0;
let failed = 0;
for (const check of onlyChecks ? CHECKS : [...CHECKS, SYNTH]) {
  const started = performance.now();
  const ok = await run(check);
  console.log(`${ok ? 'ok' : 'FAILED'}: ${check.name} (${seconds(started)})\n`);
  if (ok) passed += 1;
  else failed += 1;
}
if (!onlyChecks) {
  const tests = countTests(await run(VITEST));
  passed += tests.passed;
  failed += tests.failed;
}
rmSync(reports, { recursive: true, force: true });
process.exitCode = failed === 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);
