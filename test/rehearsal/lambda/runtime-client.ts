import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { ROOT } from '../../infra/synthesize.ts';

const FOLDER = join(import.meta.dirname, '..', 'runtime-client');

const clientIn = (folder: string): string => join(folder, 'node_modules', 'aws-lambda-ric');

/** What the compiler makes of it. */
const nativeIn = (folder: string): string => join(clientIn(folder), 'rapid-client.node');

const Wanted = z.object({ dependencies: z.object({ 'aws-lambda-ric': z.string() }) });
const Installed = z.object({ version: z.string() });

const readPackage = (folder: string): unknown => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** Whether the version that the package asks for is compiled. */
const isBuilt = (folder: string): boolean =>
  existsSync(nativeIn(folder)) &&
  Installed.parse(readPackage(clientIn(folder))).version ===
    Wanted.parse(readPackage(folder)).dependencies['aws-lambda-ric'];

/** The headers of Node.js that the npm package `node` has, so that nothing is downloaded. */
const headersFolder = (): string | undefined => {
  const [header] = globSync('node_modules/{,node/node_modules/}node-*/include/node/node_api.h', { cwd: ROOT });
  return header === undefined ? undefined : join(ROOT, header, '..', '..', '..');
};

const build = (folder: string): void => {
  const headers = headersFolder();
  const { status, stdout, stderr } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--foreground-scripts'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...(headers === undefined ? {} : { npm_config_nodedir: headers }) },
  });
  if (status === 0 && existsSync(nativeIn(folder))) return;
  const end = `${stdout}${stderr}`.trimEnd().split('\n').slice(-20).join('\n');
  throw new Error(
    `Lambda's runtime client (aws-lambda-ric) cannot be built: it needs Linux, cmake, make, a C++ compiler and Python 3. The build ends with:\n${end}`,
  );
};

/**
 * The program and arguments of Lambda's own runtime client, which is compiled once for each version and kept.
 *
 * @throws an Error that says what its build needs.
 */
export const runtimeClient = (report: (sentence: string) => void, folder: string = FOLDER): readonly string[] => {
  if (!isBuilt(folder)) {
    report("Compiling Lambda's runtime client, once, in about a minute …");
    build(folder);
  }
  return [process.execPath, join(clientIn(folder), 'index.mjs')];
};
