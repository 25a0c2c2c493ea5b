import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import * as z from 'zod';
import { withoutDocumentation } from './without-documentation.ts';

const FUNCTIONS = join(import.meta.dirname, '..', '..', 'functions');

/**
 * Replaces the SDK's default credential chain by environment variables, where Lambda provides the credentials. The rest
 * of the chain (SSO, STS, instance metadata) is never used, yet is a quarter of a bundle and of its import time.
 */
const environmentCredentials: Plugin = {
  name: 'environment-credentials',
  setup: (build) => {
    build.onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, ({ path }) => ({
      path,
      namespace: 'environment',
    }));
    build.onLoad({ filter: /./, namespace: 'environment' }, () => ({
      contents: "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';",
      resolveDir: FUNCTIONS,
    }));
  },
};

/** A module that no Lambda calls, and what stands in its place. */
interface Unused {
  readonly module: RegExp;
  readonly contents: string;
}

const UNUSED: readonly Unused[] = [
  // zod's conversion to JSON Schema, a fifth of zod: the generators run outside the bundles.
  {
    module: /zod\/v4\/core\/json-schema-processors\.js$/,
    contents: 'export const allProcessors = {}; export const toJSONSchema = undefined;',
  },
  {
    module: /zod\/v4\/core\/to-json-schema\.js$/,
    contents:
      'export const createStandardJSONSchemaMethod = () => undefined, createToJSONSchemaMethod = () => undefined;',
  },
  {
    module: /zod\/v4\/core\/json-schema-generator\.js$/,
    contents: 'export const JSONSchemaGenerator = undefined;',
  },
  // The cache of discovered endpoints: the service never enables DynamoDB's endpoint discovery.
  {
    module: /@aws-sdk\/endpoint-cache\/dist-es\/EndpointCache\.js$/,
    contents:
      'export class EndpointCache { getEndpoint() {} get() {} set() {} delete() {} clear() {} has() { return false; } }',
  },
  // SHA-256 in JavaScript, for platforms without their own.
  {
    module: /@smithy\/core\/dist-es\/submodules\/checksum\/sha256\/Sha256Js\.js$/,
    contents: 'export class Sha256Js {}',
  },
  // The signature of event streams.
  {
    module: /@smithy\/signature-v4\/dist-es\/HeaderFormatter\.js$/,
    contents: 'export class HeaderFormatter {}',
  },
  // Event streams: no operation that the service calls has one.
  {
    module: /@smithy\/core\/dist-es\/submodules\/event-streams\/index\.js$/,
    contents:
      'export const EventStreamSerde = undefined, eventStreamSerdeProvider = undefined, resolveEventStreamSerdeConfig = (config) => config;',
  },
];

const withoutUnused: Plugin = {
  name: 'without-unused',
  setup: (build) => {
    for (const { module, contents } of UNUSED) build.onLoad({ filter: module }, () => ({ contents }));
  },
};

const Manifest = z.object({ version: z.string() });

/** An SDK client reads nothing but the version from its package.json, which is 2 kB long. */
const versionAlone: Plugin = {
  name: 'version-alone',
  setup: (build) => {
    build.onLoad({ filter: /@aws-sdk\/client-[^/]+\/package\.json$/ }, ({ path }) => ({
      contents: JSON.stringify(Manifest.parse(JSON.parse(readFileSync(path, 'utf8')))),
      loader: 'json',
    }));
  },
};

/** The name of every Lambda: the folders under `functions/` that have a `handler.ts`. */
export const LAMBDAS = globSync('*/handler.ts', { cwd: FUNCTIONS }).map((path) => basename(dirname(path)));

/**
 * Bundles `functions/<name>/handler.ts` with everything it imports into `<outDir>/index.mjs`, with a source map.
 * The map is for people who read a stack trace; the Lambda does not load it, which would add a fifth to the import time.
 */
export const bundleFunction = async (name: string, outDir: string): Promise<void> => {
  await build({
    entryPoints: [join(FUNCTIONS, name, 'handler.ts')],
    outfile: join(outDir, 'index.mjs'),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    sourcemap: true,
    sourcesContent: false,
    plugins: [environmentCredentials, withoutUnused, versionAlone, withoutDocumentation(FUNCTIONS)],
    logLevel: 'warning',
    logOverride: { 'import-is-undefined': 'silent' },
  });
};

if (import.meta.main) {
  const [name, outDir] = process.argv.slice(2);
  if (name === undefined || outDir === undefined)
    throw new Error('usage: node infra/build/bundle.ts <function> <outdir>');
  await bundleFunction(name, outDir);
}
