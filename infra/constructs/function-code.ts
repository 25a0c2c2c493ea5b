import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, DockerImage, type ILocalBundling } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Config } from '../../functions/shared/domain/config.ts';

const INFRA = join(import.meta.dirname, '..');
const CONFIG = 'config.json';

/** Where a Lambda finds the accounts and channels of its stage: a file, since environment variables end at 4 KB. */
export const CONFIG_FILE = `/var/task/${CONFIG}`;

/** Bundles in a process of its own: CDK's bundling is synchronous, esbuild's plugins are not. */
const bundle = (name: string, outDir: string): void => {
  const { status, stderr, error } = spawnSync(process.execPath, [join(INFRA, 'build', 'bundle.ts'), name, outDir], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`bundling ${name} failed: ${stderr}`, { cause: error });
};

/** The code of one Lambda: the bundle of `functions/<name>` and, deployed with it, the stage's accounts and channels. */
export const functionCode = (name: string, config: Config): Code => {
  // Beside tryBundle, what the output depends on: CDK reuses an asset whose options are the same as JSON.
  const local: ILocalBundling & { readonly config: Config } = {
    config,
    tryBundle: (outDir) => {
      bundle(name, outDir);
      writeFileSync(join(outDir, CONFIG), JSON.stringify(config));
      return true;
    },
  };
  return Code.fromAsset(join(INFRA, '..', 'functions', name), {
    assetHashType: AssetHashType.OUTPUT,
    // CDK asks for an image to fall back on; tryBundle leaves it nothing to do.
    bundling: { image: DockerImage.fromRegistry('none'), local },
  });
};
