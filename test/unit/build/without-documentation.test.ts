import { describe, expect, it } from 'vitest';
import { removeDocumentation } from '../../../infra/build/without-documentation.ts';

describe('a bundle', () => {
  it.each([
    ["z.string().meta({ description: 'Any (text), or {none}' }).optional()", 'z.string().optional()'],
    [
      "z.string()\n  .min(1)\n  .meta({\n    description: `it's \\` quoted`,\n  }),\nnext",
      'z.string()\n  .min(1)\n  \n\n,\nnext',
    ],
    ["a.meta({ id: 'A' }), b.meta({ example: f('x', [1]) })", 'a, b'],
    ["import.meta.url + 'metal'", "import.meta.url + 'metal'"],
  ])('has no documentation of its schemas: %j', (code, left) => {
    expect(removeDocumentation(code)).toBe(left);
  });
});
