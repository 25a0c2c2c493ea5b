import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../infra/synthesize.ts';

/** Runs `cdk synth` as a deploy does, bundles included, and writes into the folder; `root` is a checkout of this repository. */
export const synthesizeTo = (folder: string, root: string = ROOT): void => {
  const cdk = join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const { status, stderr } = spawnSync(
    process.execPath,
    [cdk, 'synth', '--quiet', '--output', folder, '--app', `"${process.execPath}" test/infra/app-with-everything.ts`],
    { cwd: root, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`cdk synth failed: ${stderr}`);
};

const git = (...args: readonly string[]): void => {
  const { status, stderr } = spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')} failed: ${stderr}`);
};

/** Synthesizes another commit, in a checkout of its own with the packages that are installed here. */
export const synthesizeCommit = (folder: string, commit: string): void => {
  const checkout = join(folder, 'checkout');
  git('worktree', 'add', '--detach', checkout, commit);
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
    synthesizeTo(join(folder, 'cdk.out'), checkout);
  } finally {
    git('worktree', 'remove', '--force', checkout);
  }
};
