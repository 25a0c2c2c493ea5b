import { fork } from 'node:child_process';

/** The middle of some numbers. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

export const row = (name: string, ...cells: readonly string[]): void =>
  console.log([name.padEnd(34), ...cells.map((cell) => cell.padStart(16))].join(''));

/** Runs a module in a process of its own, whose prints go nowhere, and takes the one result it sends. */
export const inOwnProcess = <T>(
  module: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<T> =>
  new Promise((resolve, reject) => {
    const child = fork(module, [...args], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, ...env },
    });
    let result: T | undefined;
    let complaint = '';
    child.stderr?.on('data', (chunk) => {
      complaint = `${complaint}${chunk}`.slice(-2_000);
    });
    child.once('message', (message) => {
      result = message as T;
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      result === undefined ? reject(new Error(`${module} ended with code ${code}: ${complaint}`)) : resolve(result),
    );
  });
