import { fork } from 'node:child_process';
import { join } from 'node:path';

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
};

/** The module of a worker. */
export const worker = (name: string): string => join(import.meta.dirname, `${name}.worker.ts`);

export const printRow = (name: string, ...cells: readonly string[]): void =>
  console.log([name.padEnd(34), ...cells.map((cell) => cell.padStart(16))].join(''));

/** Runs a module in its own process without output; resolves to the result that it sends. */
export const inOwnProcess = <T>(
  module: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
  flags: readonly string[] = [],
): Promise<T> =>
  new Promise((resolve, reject) => {
    const child = fork(module, [...args], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, ...env },
      execArgv: [...flags],
    });
    let result: T | undefined;
    let errorOutput = '';
    child.stderr?.on('data', (chunk) => {
      errorOutput = `${errorOutput}${chunk}`.slice(-2_000);
    });
    child.once('message', (message) => {
      result = message as T;
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      result === undefined ? reject(new Error(`${module} ended with code ${code}: ${errorOutput}`)) : resolve(result),
    );
  });
