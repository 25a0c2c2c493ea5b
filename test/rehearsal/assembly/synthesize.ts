import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../infra/synthesize.ts';

/** Runs `cdk synth` as a deploy does, bundles included, and writes into the folder. */
export const synthesizeTo = (folder: string, app = 'test/infra/app-with-everything.ts'): void => {
  const cdk = join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const { status, stderr } = spawnSync(
    process.execPath,
    [cdk, 'synth', '--quiet', '--output', folder, '--app', `"${process.execPath}" ${app}`],
    { cwd: ROOT, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`cdk synth failed: ${stderr}`);
};
