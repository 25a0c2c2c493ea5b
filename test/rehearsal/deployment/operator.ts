import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readSynthesized, type Synthesized } from '../assembly/assembly.ts';
import { openAccount, type Person } from './account.ts';
import { runCdk } from './cdk.ts';
import { createProject } from './project.ts';
import type { DeployedStack } from './stacks.ts';
import { unpack } from './uploaded.ts';
import { unzip } from './zip.ts';

const filesIn = (folder: string): ReadonlyMap<string, Buffer> =>
  new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((file) => join(folder, file))
      .filter((file) => statSync(file).isFile())
      .map((file) => [relative(folder, file), readFileSync(file)]),
  );

const isSame = (one: ReadonlyMap<string, Buffer>, other: ReadonlyMap<string, Buffer>): boolean =>
  one.size === other.size && [...one].every(([file, bytes]) => other.get(file)?.equals(bytes) === true);

/** Someone with a checkout of the project, an account of AWS and the CDK CLI. */
export const createOperator = async (folder: string) => {
  mkdirSync(folder, { recursive: true });
  const account = await openAccount(folder);
  const project = createProject(join(folder, 'project'));
  const stackOf = (stage: string): DeployedStack => account.stacks.get(`CareWindow-${stage}`);
  const uploadedOf = (stage: string) => {
    const { deployed } = stackOf(stage);
    if (deployed === undefined) throw new Error(`the stage ${stage} is not deployed`);
    return deployed;
  };
  return {
    account,
    configure: project.configure,
    /** Runs the CLI; returns what it printed. Rejects when it fails. */
    cdk: async (person: Person, command: string): Promise<string> => {
      const { status, output } = await runCdk(project.folder, account.environmentOf(person), command.split(' '));
      if (status !== 0) throw new Error(`cdk ${command} ended with ${status}:\n${output}`);
      const { faults, denials } = account;
      if (faults.length + denials.length > 0)
        throw new Error(`cdk ${command}: ${[...faults.splice(0), ...denials.splice(0)].join('; ')}`);
      return output;
    },
    stackOf,
    outputsOf: (stage: string) => uploadedOf(stage).outputs(),
    /** The folders of bundles, as the last synthesis left them, whose archive in the bucket has other files; by key. */
    differingCode: (stage: string): readonly string[] =>
      uploadedOf(stage).code.filter((key) => {
        const bundle = filesIn(join(project.folder, 'cdk.out', `asset.${key.replace(/\.zip$/, '')}`));
        return !isSame(unzip(account.read(key) ?? Buffer.alloc(0)), bundle);
      }),
    codeOf: (stage: string): readonly string[] => uploadedOf(stage).code,
    /** What the CLI uploaded for a stage, unpacked. */
    uploadedStack: (stage: string): Synthesized => {
      const out = join(folder, `uploaded-${stage}`);
      unpack(out, `CareWindow-${stage}`, uploadedOf(stage), account.read);
      return readSynthesized(out);
    },
    stop: account.stop,
  };
};
export type Operator = Awaited<ReturnType<typeof createOperator>>;
