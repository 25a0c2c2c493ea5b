import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** A module of the SDK, and how its text becomes smaller. */
interface Smaller {
  readonly module: RegExp;
  readonly change: (code: string) => string;
}

const Manifest = z.object({ version: z.string() });

/** An SDK client reads nothing but the version from its package.json, which is 2 kB long. */
const VERSION_ALONE: Smaller = {
  module: /@aws-sdk\/client-[^/]+\/package\.json$/,
  change: (code) => JSON.stringify(Manifest.parse(JSON.parse(code))),
};

/** The names of the regions in plain English; the pattern of a partition finds its regions. */
const PARTITIONS_WITHOUT_NAMES: Smaller = {
  module: /@aws-sdk\/core\/dist-es\/submodules\/client\/util-endpoints\/lib\/aws\/partitions\.js$/,
  change: (code) => code.replaceAll(/"regions": \{(?:[^{}]|\{[^{}]*\})*\}/g, '"regions": {}'),
};

/** The services that are called at their endpoint in the region: the first label of its host name, by the name of the client. */
const REGIONAL: ReadonlyMap<string, string> = new Map([
  ['dynamodb', 'dynamodb'],
  ['secrets-manager', 'secretsmanager'],
  ['sqs', 'sqs'],
  ['eventbridge', 'events'],
]);

/** The rules by which a client finds its endpoint: what remains is the one in the region, without FIPS and dual stack. */
const REGIONAL_ENDPOINTS: readonly Smaller[] = [...REGIONAL].map(([client, label]) => ({
  module: new RegExp(`@aws-sdk/client-${client}/dist-es/endpoint/endpointResolver\\.js$`),
  change: () => `import { partition } from '@aws-sdk/core/client';
    export const defaultEndpointResolver = ({ Endpoint, Region, UseFIPS, UseDualStack }) => {
      if (UseFIPS || UseDualStack)
        throw new Error('the bundles know no FIPS and no dual-stack endpoint of ${label}: unset AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT');
      const url = new URL(Endpoint ?? 'https://${label}.' + Region + '.' + partition(Region).dnsSuffix);
      return { url, properties: {}, headers: {} };
    };`,
}));

const FUNCTIONS = join(import.meta.dirname, '..', '..', 'functions');

/** Every name in the code of the Lambdas that may be one of an error. */
const namesIn = (folder: string): ReadonlySet<string> =>
  new Set(
    globSync('**/*.ts', { cwd: folder }).flatMap(
      (path) => readFileSync(join(folder, path), 'utf8').match(/\b[A-Z]\w+\b/g) ?? [],
    ),
  );

const named = namesIn(FUNCTIONS);

/** The classes of errors: one that no Lambda names arrives as the exception of its service, with the same name. */
const NAMED_ERRORS: Smaller = {
  module: /@aws-sdk\/client-[^/]+\/dist-es\/schemas\/schemas_0\.js$/,
  change: (code) =>
    code.replaceAll(/^n\d+_registry\.registerError\(\w+\$, (\w+)\);$/gm, (line, error: string) =>
      named.has(error) ? line : '',
    ),
};

/** How the text of the SDK's modules becomes smaller. */
export const SMALLER: readonly Smaller[] = [
  VERSION_ALONE,
  PARTITIONS_WITHOUT_NAMES,
  ...REGIONAL_ENDPOINTS,
  NAMED_ERRORS,
];
