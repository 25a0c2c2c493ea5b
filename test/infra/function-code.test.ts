import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Config } from '../../functions/shared/domain/config.ts';
import { CONFIG_FILE, functionCode } from '../../infra/constructs/function-code.ts';
import { aStage, QUICK } from './synthesize.ts';

const one = aStage().whatsapp;
const other: Config = { ...one, channels: one.channels.map((channel) => ({ ...channel, retentionDays: 60 })) };

const functionIn = (stack: Stack, name: string, config: Config) =>
  new lambda.Function(stack, 'Function', {
    code: functionCode(name, config),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
  });

describe('the code of a function', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'carewindow-code-'));
  beforeAll(() => {
    const app = new App({ ...QUICK, outdir });
    functionIn(new Stack(app, 'One'), 'sessions-api', one);
    functionIn(new Stack(app, 'Other'), 'sessions-api', other);
    app.synth();
  });
  afterAll(() => rmSync(outdir, { recursive: true }));

  const assets = () => globSync('asset.*/index.mjs', { cwd: outdir }).map((path) => join(outdir, dirname(path)));

  it('is in the folder in which the Lambda reads its configuration', () => {
    expect(dirname(CONFIG_FILE)).toBe('/var/task');
    for (const asset of assets())
      expect(globSync('*', { cwd: asset }).sort()).toEqual([basename(CONFIG_FILE), 'index.mjs', 'index.mjs.map']);
  });

  it('contains the configuration of its own stage, also when two stages are synthesized together', () => {
    const configs = assets().map((asset) =>
      Config.parse(JSON.parse(readFileSync(join(asset, basename(CONFIG_FILE)), 'utf8'))),
    );

    expect(configs).toHaveLength(2);
    expect(configs).toEqual(expect.arrayContaining([one, other]));
  });

  it('stops the synthesis when it does not bundle', () => {
    const stack = new Stack(new App({ ...QUICK, outdir: join(outdir, 'broken') }), 'Broken');

    expect(() => functionIn(stack, 'shared', one)).toThrow('bundling shared failed');
  });
});
