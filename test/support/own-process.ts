import { fork } from 'node:child_process';

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
      // Carries maps and sets too.
      serialization: 'advanced',
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
