import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../infra/synthesize.ts';

const FOLDER = join(import.meta.dirname, '..', 'runtime-client');
const CLIENT = join(FOLDER, 'node_modules', 'aws-lambda-ric');
/** What the compiler makes of it. */
const NATIVE = join(CLIENT, 'rapid-client.node');

/** The headers of Node.js that the npm package `node` has, so that nothing is downloaded. */
const headersFolder = (): string | undefined => {
  const [header] = globSync('node_modules/{,node/node_modules/}node-*/include/node/node_api.h', { cwd: ROOT });
  return header === undefined ? undefined : join(ROOT, header, '..', '..', '..');
};

const build = (): void => {
  const headers = headersFolder();
  const { status, stdout, stderr } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--foreground-scripts'], {
    cwd: FOLDER,
    encoding: 'utf8',
    env: { ...process.env, ...(headers === undefined ? {} : { npm_config_nodedir: headers }) },
  });
  if (status === 0 && existsSync(NATIVE)) return;
  const end = `${stdout}${stderr}`.trimEnd().split('\n').slice(-20).join('\n');
  throw new Error(
    `Lambda's runtime client (aws-lambda-ric) cannot be built: it needs Linux, cmake, make, a C++ compiler and Python 3. The build ends with:\n${end}`,
  );
};

/**
 * The program and arguments of Lambda's own runtime client, which is compiled once and kept.
 *
 * @throws an Error that says what its build needs.
 */
export const runtimeClient = (report: (sentence: string) => void): readonly string[] => {
  if (!existsSync(NATIVE)) {
    report("Compiling Lambda's runtime client, once, in about a minute …");
    build();
  }
  return [process.execPath, join(CLIENT, 'index.mjs')];
};
