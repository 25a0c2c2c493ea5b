import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import * as z from 'zod';

/** One check of `npm test`: a program that must exit with 0. */
interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const reports = mkdtempSync(join(tmpdir(), 'carewindow-test-'));
const vitestReport = join(reports, 'vitest.json');

const CHECKS: readonly Check[] = [
  { name: 'format and style (biome)', command: ['biome', 'ci', '--error-on-warnings', '.'] },
  {
    name: 'rules that need types, and the borders of the rooms (oxlint)',
    command: ['oxlint', '--type-aware', '--deny-warnings', 'functions', 'infra', 'test'],
  },
  { name: 'types (tsc)', command: ['tsc', '--noEmit'] },
  { name: 'dead code and dependencies (knip)', command: ['knip'] },
  { name: 'docs/openapi.json is what the code says', command: ['node', 'infra/build/openapi.ts', '--check'] },
  { name: 'docs/events is what the code says', command: ['node', 'infra/build/event-schemas.ts', '--check'] },
  { name: 'cdk synth, with cdk-nag', command: ['cdk', 'synth', '--quiet'] },
];

/** Unit, property, integration (DynamoDB Local) and infra tests; its own tests are counted one by one. */
const VITEST: Check = {
  name: 'vitest',
  command: [
    'vitest',
    'run',
    '--config',
    'test/vitest.config.ts',
    '--root',
    '.',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${vitestReport}`,
  ],
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

/** A suite that could not run, a test that was left out and a run without a report count as failures. */
const countTests = (succeeded: boolean): { passed: number; failed: number } => {
  try {
    const report = Report.parse(JSON.parse(readFileSync(vitestReport, 'utf8')));
    const broken = report.testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
    );
    const failed = report.numFailedTests + report.numPendingTests + report.numTodoTests + broken.length;
    return { passed: report.numPassedTests, failed: failed === 0 && !succeeded ? 1 : failed };
  } catch {
    return { passed: 0, failed: 1 };
  }
};

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

let passed = 0;
let failed = 0;
for (const check of CHECKS) {
  const started = performance.now();
  const ok = await run(check);
  console.log(`${ok ? 'ok' : 'FAILED'}: ${check.name} (${seconds(started)})\n`);
  if (ok) passed += 1;
  else failed += 1;
}
const tests = countTests(await run(VITEST));
rmSync(reports, { recursive: true, force: true });
passed += tests.passed;
failed += tests.failed;
process.exitCode = failed === 0 && tests.passed > 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);
