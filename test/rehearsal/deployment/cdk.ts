import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ROOT } from '../../infra/synthesize.ts';

export interface CdkResult {
  readonly status: number;
  /** Both streams of the CLI; with `--ci` progress is on standard output. */
  readonly output: string;
}

/** Runs the CDK CLI of this project in a folder, with that environment and no other one. */
export const runCdk = async (
  folder: string,
  environment: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<CdkResult> => {
  const child = spawn(
    process.execPath,
    [join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk'), ...args, '--ci', '--no-color', '--no-notices'],
    {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        AWS_EC2_METADATA_DISABLED: 'true',
        CDK_DISABLE_CLI_TELEMETRY: '1',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status: child.exitCode ?? 1, output: out + err };
};
