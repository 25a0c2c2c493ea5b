import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { versions } from 'node:process';
import { withBlocks } from './blocks.ts';

const PAGE = join(import.meta.dirname, '../../docs/proof.md');

const git = (...args: readonly string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();

/** When, of what and where a run with these options has shown something: the first lines of its part of the page. */
export const originOf = (started: Date, options: object): string => {
  const changed = git('status', '--porcelain', '--', 'functions', 'infra') === '' ? '' : ' with changes';
  return [
    `- ${started.toISOString().slice(0, 10)}, commit \`${git('rev-parse', 'HEAD')}\`${changed}, options \`${JSON.stringify(options)}\``,
    `- ${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}, Node.js ${versions.node}`,
  ].join('\n');
};

/** Writes the part of docs/proof.md that belongs to a command, and leaves those of the others. */
export const writePart = (command: 'proof' | 'mutants', lines: readonly string[]): void =>
  writeFileSync(PAGE, withBlocks(readFileSync(PAGE, 'utf8'), { results: lines.join('\n') }, command));
