import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PLANTED } from '../../mutants/planted.ts';

const ROOT = join(import.meta.dirname, '../../..');

describe('a planted defect', () => {
  it.each(PLANTED.map(({ what, ...planted }) => [what, planted] as const))(
    'changes one place of the code as it is: %s',
    (_, { file, from, to }) => {
      expect(readFileSync(join(ROOT, file), 'utf8').split(from)).toHaveLength(2);
      expect(to).not.toBe(from);
    },
  );

  it('is one of at least 60, each another one', () => {
    const places = new Set(PLANTED.map(({ file, from, to }) => `${file} ${from} ${to}`));

    expect(places.size).toBe(PLANTED.length);
    expect(PLANTED.length).toBeGreaterThanOrEqual(60);
  });
});
