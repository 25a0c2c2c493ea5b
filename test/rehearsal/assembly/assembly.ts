import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { type Identity, identityOf, type Stack } from './identities.ts';
import { createResolver } from './intrinsics.ts';

const Template = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});
export type Template = z.infer<typeof Template>;

/** A resource whose properties are as AWS gets them: every reference is a name. */
export interface Deployed {
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A stack as CloudFormation would deploy it from `cdk.out`. */
export interface Assembly {
  readonly stackName: string;
  readonly all: readonly Deployed[];
  readonly ofType: (type: string) => readonly Deployed[];
  /** What `Ref` and `Fn::GetAtt` give for a resource. */
  readonly identity: (id: string) => Identity;
  /** The folder with the code of an asset, by its key in the bucket of assets. */
  readonly assetFolder: (key: string) => string;
}

/** What `cdk synth` wrote. */
export interface Synthesized {
  readonly folder: string;
  readonly stackName: string;
  readonly template: Template;
}

/** Resolves a template; throws on what the rehearsal cannot resolve. */
export const deploy = ({ folder, stackName, template }: Synthesized, awsUrl: Stack['awsUrl']): Assembly => {
  const { Resources: resources } = template;
  const identity = (id: string): Identity => {
    const resource = resources[id];
    if (resource === undefined) throw new Error(`the template refers to ${id}, which it does not have`);
    return identityOf({ stackName, awsUrl }, id, resource.Type);
  };
  const resolve = createResolver(stackName, {
    ref: (id) => identity(id).ref,
    attribute: (id, name) => {
      const value = identity(id).attributes[name];
      if (value === undefined) throw new Error(`the rehearsal does not know the attribute ${name} of ${id}`);
      return value;
    },
  });
  const all = Object.entries(resources).map(([id, { Type, Properties }]) => ({
    id,
    type: Type,
    properties: z.record(z.string(), z.unknown()).parse(resolve(Properties)),
  }));
  return {
    stackName,
    all,
    ofType: (type) => all.filter((resource) => resource.type === type),
    identity,
    assetFolder: (key) => join(folder, `asset.${key.replace(/\.zip$/, '')}`),
  };
};

const TEMPLATE_FILE = /^(?<stack>.+)\.template\.json$/;

/** Reads the only stack in a folder of `cdk synth`. */
export const readSynthesized = (folder: string): Synthesized => {
  const stacks = readdirSync(folder).flatMap((file) => TEMPLATE_FILE.exec(file)?.groups?.['stack'] ?? []);
  const [stackName, ...others] = stacks;
  if (stackName === undefined || others.length > 0)
    throw new Error(`${folder} has ${stacks.length} stacks: the rehearsal runs one`);
  const text = readFileSync(join(folder, `${stackName}.template.json`), 'utf8');
  return { folder, stackName, template: Template.parse(JSON.parse(text)) };
};
