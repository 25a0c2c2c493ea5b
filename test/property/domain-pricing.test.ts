import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPricing } from '../../functions/shared/domain/pricing.ts';

const anyWord = fc.oneof(fc.string(), fc.stringMatching(/^[a-z0-9_-]{1,45}$/));

describe('the price of a message', () => {
  it('is read from any JSON without a throw, and holds nothing but short words', () => {
    const anyPricing = fc.record(
      { category: fc.oneof(anyWord, fc.jsonValue()), type: fc.jsonValue(), billable: fc.jsonValue(), model: anyWord },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(anyPricing, fc.jsonValue()), (raw) => {
        const { category = 'absent', type = 'absent', model = 'absent' } = readPricing(raw) ?? {};

        for (const word of [category, type]) expect(word).toMatch(/^[a-z0-9_]{1,40}$/);
        expect(model).toMatch(/^\w{1,40}$/);
      }),
    );
  });

  it('is the same when what was read is read again', () => {
    fc.assert(
      fc.property(anyWord, anyWord, fc.boolean(), (category, type, billable) => {
        const read = readPricing({ category, type, billable, model: 'PMP' });

        expect(readPricing(read)).toEqual(read);
      }),
    );
  });
});
