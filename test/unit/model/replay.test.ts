import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replay } from '../../model/replay.ts';
import { readTrace } from '../../model/trace.ts';

/** `npm run model` replays others, which it has just made. */
const FOLDER = process.env['MODEL_TRACES'] ?? join(import.meta.dirname, '../../model/traces');

describe('the code does what the model does', () => {
  const files = globSync('*.itf.json', { cwd: FOLDER }).toSorted();

  it('in at least one trace', () => {
    expect(files.length).toBeGreaterThan(0);
  });

  it.each(files)('step by step in %s', async (file) => {
    const done: string[] = [];
    await replay(
      readTrace(readFileSync(join(FOLDER, file), 'utf8')),
      ({ action, picks, message, expected }, observed) => {
        done.push(`${action} ${JSON.stringify(action === 'arrive' ? message : picks)}`);
        expect(observed, `after\n${done.join('\n')}`).toEqual(expected);
      },
    );
  });
});
