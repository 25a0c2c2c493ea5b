import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFunction, LAMBDAS } from '../../infra/build/bundle.ts';
import { lambdaEnv } from '../support/lambda-env.ts';
import { aStage } from './synthesize.ts';

interface Budget {
  readonly bytes: number;
  readonly gzipped: number;
}

const BUDGET: Budget = { bytes: 400_000, gzipped: 125_000 };

/** S3 and its signatures beside the table, the queue and the secrets; no send waits for its start. */
const BUDGETS: Readonly<Record<string, Budget>> = { media: { bytes: 480_000, gzipped: 148_000 } };

/** The console calls nothing of AWS: test/infra/console-bundle.test.ts. */
const CALLING_AWS = LAMBDAS.filter((name) => name !== 'console');

describe.each(CALLING_AWS)('the bundle of %s', (name) => {
  const outDir = mkdtempSync(join(tmpdir(), `carewindow-${name}-`));
  const budget = BUDGETS[name] ?? BUDGET;
  const bundle = join(outDir, 'index.mjs');
  const config = join(outDir, 'config.json');
  beforeAll(async () => {
    await bundleFunction(name, outDir);
    writeFileSync(config, JSON.stringify(aStage().whatsapp));
  });
  afterAll(() => rmSync(outDir, { recursive: true }));

  it(`takes at most ${budget.bytes} bytes, ${budget.gzipped} gzipped`, () => {
    const code = readFileSync(bundle);

    expect(code.byteLength).toBeLessThanOrEqual(budget.bytes);
    expect(gzipSync(code).byteLength).toBeLessThanOrEqual(budget.gzipped);
  });

  it('reads credentials from the environment only', () => {
    const code = readFileSync(bundle, 'utf8');

    expect(code).toContain('AWS_SESSION_TOKEN');
    expect(code).not.toMatch(/169\.254\.170\.2|sso_start_url/);
    // The client of STS, which media alone has, knows this operation too.
    expect(code.includes('AssumeRoleWithWebIdentity')).toBe(name === 'media');
  });

  it('starts with only its configuration beside it', () => {
    const show = `const { handler } = await import(${JSON.stringify(pathToFileURL(bundle))}); console.log(typeof handler)`;
    const shown = execFileSync(process.execPath, ['--input-type=module', '--eval', show], {
      encoding: 'utf8',
      env: lambdaEnv(outDir),
    });

    expect(shown).toBe('function\n');
  });
});
