import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { deploy, readSynthesized, Template } from '../assembly/assembly.ts';
import { unzip } from './zip.ts';

/** Reads an object of the bucket by its key; `undefined` where there is none. */
type ReadObject = (key: string) => Buffer | undefined;

/** A template that the CLI uploaded. */
export interface Uploaded {
  readonly text: string;
  /** Its resources and those of the stacks that it nests, by `<nested stack>/<logical id>`. */
  readonly resources: Template['Resources'];
  /** The templates that it nests, by the logical id of the nested stack. */
  readonly nested: Readonly<Record<string, string>>;
  /** Its outputs, once the resources have the names that AWS would give them. */
  readonly outputs: () => Readonly<Record<string, string>>;
  /** The keys in the bucket of the code that its functions run. */
  readonly code: readonly string[];
}

const NESTED = 'AWS::CloudFormation::Stack';

const Code = z.object({ Code: z.object({ S3Key: z.string() }) });
const AssetPath = z.object({ 'aws:asset:path': z.string() });

type Resource = Template['Resources'][string];

const ofType = (resources: Template['Resources'], type: string): readonly (readonly [string, Resource])[] =>
  Object.entries(resources).filter(([, { Type }]) => Type === type);

/** The template that a nested stack names by a URL made of parts. */
const readNested = (resource: Resource, read: ReadObject): string => {
  const url = JSON.stringify(resource.Properties?.['TemplateURL']);
  const key = /\/(?<key>[0-9a-f]{64}\.json)/.exec(url)?.groups?.['key'] ?? '';
  const bytes = read(key);
  if (bytes === undefined) throw new Error(`the template of a nested stack is not in the bucket: ${url}`);
  return bytes.toString('utf8');
};

const parse = (text: string): Template['Resources'] => Template.parse(JSON.parse(text)).Resources;

const writeInto = (folder: string, file: string, content: string | Buffer): void => {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), content);
};

const writeTemplates = (folder: string, stackName: string, { text, resources, nested }: Uploaded): void => {
  writeInto(folder, `${stackName}.template.json`, text);
  for (const [id, template] of Object.entries(nested))
    writeInto(folder, AssetPath.parse(resources[id]?.Metadata)['aws:asset:path'], template);
};

/** Writes what was uploaded for a stack into a folder, laid out as `cdk synth` does, with each function's code unpacked. */
export const unpack = (folder: string, stackName: string, uploaded: Uploaded, read: ReadObject): void => {
  writeTemplates(folder, stackName, uploaded);
  for (const key of uploaded.code)
    for (const [file, content] of unzip(read(key) ?? Buffer.alloc(0)))
      writeInto(folder, join(`asset.${key.replace(/\.zip$/, '')}`, file), content);
};

const SQS_URL = 'https://sqs.eu-central-1.amazonaws.com';

interface UploadedFile {
  readonly stackName: string;
  readonly text: string;
  readonly read: ReadObject;
  /** Where its templates are written to resolve its outputs. */
  readonly folder: string;
}

/** Reads a template with the stacks that it nests, which must be in the bucket. */
export const readUploaded = ({ stackName, text, read, folder }: UploadedFile): Uploaded => {
  const own = parse(text);
  const nested = Object.fromEntries(ofType(own, NESTED).map(([id, resource]) => [id, readNested(resource, read)]));
  const inner = Object.entries(nested).flatMap(([id, template]) =>
    Object.entries(parse(template)).map(([name, resource]) => [`${id}/${name}`, resource]),
  );
  const resources: Template['Resources'] = { ...own, ...Object.fromEntries(inner) };
  let outputs: Readonly<Record<string, string>> | undefined;
  const uploaded: Uploaded = {
    text,
    resources,
    nested,
    code: [
      ...new Set(
        ofType(resources, 'AWS::Lambda::Function').map(([, { Properties }]) => Code.parse(Properties).Code.S3Key),
      ),
    ],
    outputs: () => {
      if (outputs === undefined) writeTemplates(folder, stackName, uploaded);
      outputs ??= deploy(readSynthesized(folder), SQS_URL).outputs();
      return outputs;
    },
  };
  return uploaded;
};
