import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { writeConsolePage } from './console-page-asset.ts';
import { SMALLER } from './smaller-sdk.ts';
import { REST_STAND_INS, STAND_INS, type StandIn } from './stand-ins.ts';
import { withoutDocumentation } from './without-documentation.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FUNCTIONS = join(ROOT, 'functions');

/**
 * Replaces the SDK's default credential chain by environment variables, where Lambda provides the credentials. The rest
 * of the chain (SSO, STS, instance metadata) is never used, yet is a quarter of a bundle and of its import time.
 */
const environmentCredentials: Plugin = {
  name: 'environment-credentials',
  resolveId: {
    filter: { id: /^@aws-sdk\/credential-provider-node$/ },
    handler: () => join(FUNCTIONS, 'environment-credentials.js'),
  },
  load: {
    filter: { id: /functions\/environment-credentials\.js$/ },
    handler: () => "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';",
  },
};

const standIns = (list: readonly StandIn[]): Plugin[] =>
  list.map(({ module, contents }) => ({
    name: 'stand-in',
    load: { filter: { id: module }, handler: () => contents },
  }));

const smallerSdk: Plugin[] = SMALLER.map(({ module, change }) => ({
  name: 'smaller-sdk',
  load: { filter: { id: module }, handler: (path) => change(readFileSync(path, 'utf8')) },
}));

/** The name of every Lambda: the folders under `functions/` that have a `handler.ts`. */
export const LAMBDAS = globSync('*/handler.ts', { cwd: FUNCTIONS }).map((path) => basename(dirname(path)));

/** The Lambdas that call S3. */
const WITH_S3: readonly string[] = ['media'];

/** What a Lambda reads from files beside its bundle, by the Lambda. */
const FILES: Readonly<Record<string, (outDir: string) => Promise<void>>> = { console: writeConsolePage };

/** An import of what a stand-in leaves out, in a namespace whose members are looked up when they are used. */
const LEFT_OUT = 'IMPORT_IS_UNDEFINED';

/** Bundles a module with everything that it imports; `usesS3` keeps the protocol of S3. */
export const bundleModule = async (input: string, file: string, usesS3 = false): Promise<void> => {
  const bundle = await rolldown({
    input,
    cwd: ROOT,
    platform: 'node',
    resolve: { mainFields: ['module', 'main'] },
    plugins: [
      environmentCredentials,
      standIns(usesS3 ? STAND_INS : [...STAND_INS, ...REST_STAND_INS]),
      smallerSdk,
      withoutDocumentation(FUNCTIONS),
    ],
    onLog: (level, { code, message }) => {
      if (level === 'warn' && code !== LEFT_OUT) throw new Error(message);
    },
  });
  try {
    await bundle.write({
      file,
      format: 'esm',
      codeSplitting: false,
      minify: true,
      comments: false,
      sourcemap: true,
      sourcemapExcludeSources: true,
    });
  } finally {
    await bundle.close();
  }
};

/**
 * Bundles `functions/<name>/handler.ts` with everything it imports into `<outDir>/index.mjs`, and writes the files that it
 * reads beside it. The source map is for people who read a stack trace; the Lambda does not load it, which would add a fifth
 * to the import time.
 */
export const bundleFunction = async (name: string, outDir: string): Promise<void> => {
  await bundleModule(join(FUNCTIONS, name, 'handler.ts'), join(outDir, 'index.mjs'), WITH_S3.includes(name));
  await FILES[name]?.(outDir);
};

if (import.meta.main) {
  const [name, outDir] = process.argv.slice(2);
  if (name === undefined || outDir === undefined)
    throw new Error('usage: node infra/build/bundle.ts <function> <outdir>');
  await bundleFunction(name, outDir);
}
