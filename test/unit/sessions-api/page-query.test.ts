import { describe, expect, it } from 'vitest';
import { ClosingQuery } from '../../../functions/sessions-api/show-closing.ts';

describe('a number in a query string', () => {
  it('is read from digits', () => {
    expect(ClosingQuery.parse({ limit: '5', closingWithin: '86400' })).toMatchObject({
      limit: 5,
      closingWithin: 86_400,
    });
  });

  it('has its default when it is absent', () => {
    expect(ClosingQuery.parse({})).toMatchObject({ limit: 20, closingWithin: 3_600 });
  });

  it.each(['', ' 5', '5 ', '+5', '5e0', '0x5', '5.0', '-1', '0', '101', '1e400', '٥', 'five'])(
    'is refused when it is written otherwise or out of bounds: "%s"',
    (limit) => {
      const refused = ClosingQuery.safeParse({ limit });

      expect(refused.error?.issues).toMatchObject([
        { path: ['limit'], message: 'must be a whole number from 1 to 100' },
      ]);
    },
  );
});
