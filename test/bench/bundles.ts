import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundleFunction, LAMBDAS } from '../../infra/build/bundle.ts';
import { lambdaEnv } from '../support/lambda-env.ts';
import { aMetaAccount, aMetaChannel } from '../support/meta.ts';
import { inOwnProcess } from '../support/own-process.ts';
import type { ColdStart } from './import.worker.ts';
import { median, worker } from './support.ts';

export interface Bundle {
  readonly name: string;
  readonly bytes: number;
  readonly gzipped: number;
  readonly importMs: number;
  /** CPU of the whole process until the bundle is imported, as a ratio to that of a handler that does nothing. */
  readonly ratio: number;
}

/** Bundles every Lambda into its folder, with a configuration of one number beside them. */
export const bundleAll = async (folder: string): Promise<void> => {
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({ accounts: [aMetaAccount()], channels: [aMetaChannel()] }),
  );
  for (const name of LAMBDAS) await bundleFunction(name, join(folder, name));
};

/** Bytes and cold imports of every Lambda; the imports take turns, so that a busy moment of the machine meets all. */
export const measureBundles = async (folder: string, rounds: number): Promise<readonly Bundle[]> => {
  const bare = join(folder, 'bare.mjs');
  writeFileSync(bare, 'export const handler = async () => ({ statusCode: 200 });\n');
  const files = [bare, ...LAMBDAS.map((name) => join(folder, name, 'index.mjs'))];
  const starts = files.map((): ColdStart[] => []);
  for (let round = 0; round < 2 * rounds; round += 1)
    for (const [index, file] of files.entries())
      starts[index]?.push(await inOwnProcess<ColdStart>(worker('import'), [file], lambdaEnv(folder)));
  const cpu = (index: number) => median((starts[index] ?? []).map(({ cpuMs }) => cpuMs));
  return files.map((file, index) => ({
    name: index === 0 ? 'a handler that does nothing' : (LAMBDAS[index - 1] ?? ''),
    bytes: readFileSync(file).length,
    gzipped: gzipSync(readFileSync(file)).length,
    importMs: median((starts[index] ?? []).map(({ importMs }) => importMs)),
    ratio: cpu(index) / cpu(0),
  }));
};
