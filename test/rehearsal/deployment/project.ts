import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../infra/synthesize.ts';

/** What a checkout needs for a deploy. */
const PARTS = ['cdk.json', 'functions', 'infra', 'package.json', 'tsconfig.json'];

const STAGES = /const STAGES(?<type>[^=]*)= \{\n[\s\S]*?\n\};/;

/** A checkout of this project on a disk of its own, in which an operator edits `infra/config.ts`. */
export const createProject = (folder: string) => {
  mkdirSync(folder, { recursive: true });
  for (const part of PARTS) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const config = join(folder, 'infra', 'config.ts');
  const text = readFileSync(config, 'utf8');
  if (!STAGES.test(text)) throw new Error('infra/config.ts has no stages to edit');
  return {
    folder,
    /** Replaces the stages of `infra/config.ts`. */
    configure: (stages: Readonly<Record<string, unknown>>): void => {
      writeFileSync(
        config,
        text.replace(STAGES, (_, type: string) => `const STAGES${type}= ${JSON.stringify(stages)};`),
      );
    },
  };
};
