import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import * as z from 'zod';
import type { Judge, Planted } from './planted/planted.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const CODE = ['functions', 'infra', 'test', 'docs', 'package.json', 'tsconfig.json', 'vitest.config.ts'];

/** A copy of the code in which defects are planted, beside the installed packages. */
export const copyCode = (): string => {
  const copy = mkdtempSync(join(tmpdir(), 'carewindow-mutants-'));
  for (const name of CODE) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
};

interface Ended {
  readonly ok: boolean;
  readonly output: string;
  readonly errors: string;
}

const run = (copy: string, program: string, args: readonly string[]): Promise<Ended> =>
  new Promise((resolveEnded) => {
    const child = spawn(program, args, { cwd: copy, stdio: ['ignore', 'pipe', 'pipe'] });
    let [output, errors] = ['', ''];
    child.stdout.on('data', (text) => {
      output += text;
    });
    child.stderr.on('data', (text) => {
      errors += text;
    });
    child.once('close', (code) => resolveEnded({ ok: code === 0, output, errors }));
  });

const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
    }),
  ),
});

/** The first test of a file that fails; undefined where all pass. */
const failedTest = async (copy: string, test: string): Promise<string | undefined> => {
  const report = join(copy, 'report.json');
  rmSync(report, { force: true });
  const args = ['run', '--bail=1', '--reporter=json', `--outputFile=${report}`, test];
  const { ok, errors } = await run(copy, 'vitest', args);
  if (ok) return undefined;
  const { testResults } = Report.parse(JSON.parse(readFileSync(report, 'utf8')));
  for (const { name, assertionResults } of testResults) {
    const failed = assertionResults.find(({ status }) => status === 'failed');
    if (failed !== undefined) return `${relative(copy, name)}: ${failed.fullName}`;
  }
  throw new Error(`no test of ${test} failed, and vitest did: ${errors}`);
};

const failedRun = async (copy: string, meeting: readonly string[]): Promise<string | undefined> => {
  const { ok, output, errors } = await run(copy, process.execPath, ['test/mutants/kill.ts', ...meeting]);
  if (!ok) throw new Error(errors);
  return output.trim() || undefined;
};

/** What a judge notices in a copy of the code; undefined where it is nothing. */
export const noticedBy = (copy: string, { test, meeting }: Judge): Promise<string | undefined> =>
  test === undefined ? failedRun(copy, meeting ?? []) : failedTest(copy, test);

/** Plants a defect in a copy of the code while its judge looks. */
export const judge = async (copy: string, planted: Planted): Promise<string | undefined> => {
  const { file, from, to } = planted;
  const path = join(copy, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`${file} has this text not once: ${from}`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
  try {
    return await noticedBy(copy, planted);
  } finally {
    writeFileSync(path, text);
  }
};
