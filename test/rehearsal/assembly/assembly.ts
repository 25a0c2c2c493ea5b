import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { type Identity, identityOf, type Stack } from './identities.ts';
import { createResolver } from './intrinsics.ts';

const Properties = z.record(z.string(), z.unknown());

/** A template, as far as the rehearsal reads it. */
export const Template = z.object({
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Properties: Properties.default({}),
      Metadata: z.looseObject({ 'aws:asset:path': z.string().optional() }).default({}),
    }),
  ),
  Outputs: z.record(z.string(), z.object({ Value: z.unknown() })).default({}),
});
export type Template = z.input<typeof Template>;

/** A resource whose properties are as AWS gets them: every reference is a name. */
export interface Deployed {
  /** Its logical id; in a nested stack `<nested stack>/<logical id>`. */
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A stack as CloudFormation would deploy it from `cdk.out`, with its nested stacks. */
export interface Assembly {
  readonly ofType: (type: string) => readonly Deployed[];
  /** What `Ref` and `Fn::GetAtt` give for a resource. */
  readonly identity: (id: string) => Identity;
  /** The folder with the code of an asset, by its key in the bucket of assets. */
  readonly assetFolder: (key: string) => string;
  /** The outputs of the stack itself. */
  readonly outputs: () => Readonly<Record<string, string>>;
}

/** What `cdk synth` wrote. */
export interface Synthesized {
  readonly folder: string;
  readonly stackName: string;
  readonly template: Template;
}

const NESTED = 'AWS::CloudFormation::Stack';
const OUTPUTS = 'Outputs.';

interface Nested {
  /** What the ids of its resources begin with. */
  readonly prefix: string;
  readonly parameters: () => Readonly<Record<string, unknown>>;
}

interface Part {
  readonly all: () => readonly Deployed[];
  readonly identity: (id: string) => Identity | undefined;
  readonly output: (name: string) => string;
  readonly outputs: readonly string[];
}

const readJson = (folder: string, file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));

/** One template, and those that it nests, which are found by the paths of their assets. */
const deployPart = ({ folder, stackName, template }: Synthesized, awsUrl: string, nested: Nested): Part => {
  const { Resources: resources, Outputs: outputs } = Template.parse(template);
  const { prefix, parameters } = nested;
  const own = (id: string): Identity | undefined => {
    const type = resources[id]?.Type;
    return type === undefined ? undefined : identityOf({ stackName, awsUrl }, prefix + id, type);
  };
  const attribute = (id: string, name: string): string => {
    const value = name.startsWith(OUTPUTS)
      ? parts.get(id)?.output(name.slice(OUTPUTS.length))
      : own(id)?.attributes[name];
    if (value === undefined) throw new Error(`the rehearsal does not know the attribute ${name} of ${prefix}${id}`);
    return value;
  };
  const ref = (id: string): string => {
    const value = parameters()[id] ?? own(id)?.ref;
    if (value === undefined) throw new Error(`the template refers to ${id}, which it does not have`);
    return z.string().parse(value);
  };
  const resolve = createResolver(stackName, { ref, attribute });
  const entries = Object.entries(resources);
  const parts = new Map(
    entries
      .filter(([, { Type }]) => Type === NESTED)
      .map(([id, { Properties: properties, Metadata }]) => {
        const file = z.string().parse(Metadata['aws:asset:path']);
        const within = { folder, stackName, template: Template.parse(readJson(folder, file)) };
        const given = () => Properties.parse(resolve(properties['Parameters'] ?? {}));
        return [id, deployPart(within, awsUrl, { prefix: `${prefix}${id}/`, parameters: given })];
      }),
  );
  return {
    all: () => [
      ...entries
        .filter(([, { Type }]) => Type !== NESTED)
        .map(([id, { Type, Properties: properties }]) => ({
          id: prefix + id,
          type: Type,
          properties: Properties.parse(resolve(properties)),
        })),
      ...[...parts.values()].flatMap((part) => part.all()),
    ],
    identity: (id) =>
      (id.startsWith(prefix) ? own(id.slice(prefix.length)) : undefined) ??
      [...parts.values()].map((part) => part.identity(id)).find((identity) => identity !== undefined),
    output: (name) => z.string().parse(resolve(outputs[name]?.Value)),
    outputs: Object.keys(outputs),
  };
};

/** Resolves a stack and its nested stacks; throws on what the rehearsal cannot resolve. */
export const deploy = (synthesized: Synthesized, awsUrl: Stack['awsUrl']): Assembly => {
  const whole = deployPart(synthesized, awsUrl, { prefix: '', parameters: () => ({}) });
  const all = whole.all();
  return {
    ofType: (type) => all.filter((resource) => resource.type === type),
    identity: (id) => {
      const identity = whole.identity(id);
      if (identity === undefined) throw new Error(`the template has no resource ${id}`);
      return identity;
    },
    outputs: () => Object.fromEntries(whole.outputs.map((name) => [name, whole.output(name)])),
    assetFolder: (key) => join(synthesized.folder, `asset.${key.replace(/\.zip$/, '')}`),
  };
};

const TEMPLATE_FILE = /^(?<stack>.+)(?<!\.nested)\.template\.json$/;

/** Reads the only stack in a folder of `cdk synth`. */
export const readSynthesized = (folder: string): Synthesized => {
  const stacks = readdirSync(folder).flatMap((file) => TEMPLATE_FILE.exec(file)?.groups?.['stack'] ?? []);
  const [stackName, ...others] = stacks;
  if (stackName === undefined || others.length > 0)
    throw new Error(`${folder} has ${stacks.length} stacks: the rehearsal runs one`);
  return { folder, stackName, template: Template.parse(readJson(folder, `${stackName}.template.json`)) };
};
