import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createRuntimeApi, type Outcome } from './runtime-api.ts';

/** A function of the template, as Lambda runs it. */
export interface FunctionSpec {
  readonly name: string;
  readonly arn: string;
  /** The folder of the bundle. */
  readonly folder: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** Everything that the function finds in its environment but the address of the runtime API. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface Sandbox {
  readonly invoke: (event: unknown) => Promise<Outcome>;
  readonly stop: () => Promise<void>;
}

export interface SandboxOptions {
  readonly spec: FunctionSpec;
  /** The program that takes invocations from the runtime API. */
  readonly runtime: readonly string[];
  /** Gets each line that the function writes. */
  readonly onLine: (line: string) => void;
}

/** A path in the environment that Lambda fills with the function's code. */
const TASK_ROOT = '/var/task';

const environmentOf = ({ folder, handler, name, memoryMb, environment }: FunctionSpec, api: string) => ({
  ...Object.fromEntries(
    Object.entries(environment).map(([variable, value]) => [
      variable,
      value.startsWith(`${TASK_ROOT}/`) ? folder + value.slice(TASK_ROOT.length) : value,
    ]),
  ),
  AWS_LAMBDA_RUNTIME_API: api,
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_NAME: name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_LOG_FORMAT: 'JSON',
  AWS_LAMBDA_LOG_GROUP_NAME: name,
  AWS_LAMBDA_LOG_STREAM_NAME: '2026/11/20/[$LATEST]rehearsal',
  LAMBDA_TASK_ROOT: folder,
  _HANDLER: handler,
  TZ: ':UTC',
});

/**
 * Runs a function in a process of its own that inherits nothing, ends it at its timeout, and freezes it between two
 * invocations, as Lambda does.
 */
export const startSandbox = async ({ spec, runtime, onLine }: SandboxOptions): Promise<Sandbox> => {
  let child: ChildProcess | undefined;
  const api = createRuntimeApi({
    functionArn: spec.arn,
    onIdle: () => child?.kill('SIGSTOP'),
    onWake: () => child?.kill('SIGCONT'),
  });
  const address = await api.start();
  const start = () => {
    const [program = '', ...args] = runtime;
    const started = spawn(program, args, {
      cwd: spec.folder,
      env: environmentOf(spec, address),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [started.stdout, started.stderr]) createInterface({ input: stream }).on('line', onLine);
    started.once('exit', () => {
      if (child !== started) return;
      child = undefined;
      api.fail('Runtime.ExitError');
    });
    return started;
  };
  const end = () => {
    const ended = child;
    child = undefined;
    ended?.kill('SIGKILL');
  };
  const run = async (event: unknown): Promise<Outcome> => {
    child ??= start();
    const timeoutMs = spec.timeoutSeconds * 1000;
    const timer = setTimeout(() => {
      end();
      api.fail('Sandbox.Timedout');
    }, timeoutMs);
    try {
      return await api.invoke(event, timeoutMs);
    } finally {
      clearTimeout(timer);
    }
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    invoke: (event) => {
      const invocation = last.then(() => run(event));
      last = invocation.catch(() => undefined);
      return invocation;
    },
    stop: async () => {
      end();
      await api.stop();
    },
  };
};
