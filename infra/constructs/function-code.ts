import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, DockerImage, type ILocalBundling } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Config } from '../../functions/shared/domain/config.ts';

const INFRA = join(import.meta.dirname, '..');
const CONFIG = 'config.json';

/** Path, in a Lambda, of a file that is deployed with its bundle. */
export const fileInBundle = (name: string): string => `/var/task/${name}`;

/** Path of the file with the stage's accounts and channels in a Lambda; environment variables are limited to 4 KB. */
export const CONFIG_FILE = fileInBundle(CONFIG);

/** Bundles in a child process, because CDK requires synchronous bundling and bundling is asynchronous. */
const bundle = (name: string, outDir: string): void => {
  const { status, stderr, error } = spawnSync(process.execPath, [join(INFRA, 'build', 'bundle.ts'), name, outDir], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`bundling ${name} failed: ${stderr}`, { cause: error });
};

/** The code of one Lambda: the bundle of `functions/<name>`, and the file with the stage's accounts and channels. */
export const functionCode = (name: string, config: Config): Code => {
  // `config` makes the options differ between stages: CDK reuses an asset whose options are the same JSON.
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
    // CDK requires a fallback image, which it never uses since tryBundle returns true.
    bundling: { image: DockerImage.fromRegistry('none'), local },
  });
};
