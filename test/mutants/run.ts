import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PLANTED, type Planted } from './planted.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** A copy of the code in which defects are planted, beside the installed packages. */
const copyCode = (): string => {
  const copy = mkdtempSync(join(tmpdir(), 'carewindow-mutants-'));
  for (const name of ['functions', 'infra', 'test', 'package.json', 'tsconfig.json'])
    cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
};

/** What notices a defect; empty where it survives. */
const noticedBy = (copy: string, { file, from, to }: Planted): string => {
  const path = join(copy, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`${file} has this text not once: ${from}`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
  try {
    const { stdout, stderr, status } = spawnSync(process.execPath, ['test/mutants/kill.ts'], {
      cwd: copy,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
  } finally {
    writeFileSync(path, text);
  }
};

const copy = copyCode();
let killed = 0;
const unexplained: Planted[] = [];
try {
  for (const [index, planted] of PLANTED.entries()) {
    const by = noticedBy(copy, planted);
    if (by !== '') killed += 1;
    else if (planted.survives === undefined) unexplained.push(planted);
    const result = by === '' ? `SURVIVES: ${planted.survives ?? 'no reason is known'}` : by;
    console.log(`${index + 1}. ${planted.file}: ${planted.from.split('\n')[0]?.trim()}\n   ${result}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(`${killed} of ${PLANTED.length} planted defects are noticed`);
process.exitCode = unexplained.length === 0 ? 0 : 1;
