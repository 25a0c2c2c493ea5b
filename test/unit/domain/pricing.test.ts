import { describe, expect, it } from 'vitest';
import { isPaid, readPricing, toPriceView } from '../../../functions/shared/domain/pricing.ts';

describe('what the provider says of the price', () => {
  it('is read with everything it says', () => {
    expect(readPricing({ category: 'service', type: 'regular', billable: true, model: 'PMP' })).toEqual({
      category: 'service',
      type: 'regular',
      billable: true,
      model: 'PMP',
    });
  });

  it('may be a category alone', () => {
    expect(readPricing({ category: 'utility' })).toEqual({ category: 'utility' });
  });

  it.each([
    ['service', 'service'],
    ['utility', 'utility'],
    ['marketing', 'marketing'],
    ['marketing_lite', 'marketing_lite'],
    ['authentication', 'authentication'],
    ['authentication-international', 'authentication_international'],
    ['authentication_international', 'authentication_international'],
    ['referral_conversion', 'referral_conversion'],
    ['group_marketing', 'group_marketing'],
    ['general_purpose_ai', 'general_purpose_ai'],
    ['novelty_2027', 'novelty_2027'],
    ['a'.repeat(40), 'a'.repeat(40)],
    ['a'.repeat(41), 'other'],
    ['Marketing', 'other'],
    ['two words', 'other'],
    ['', 'other'],
    ['débito', 'other'],
    ['service\n', 'other'],
  ])('of category %j is kept as %j, and a type likewise', (word, kept) => {
    expect(readPricing({ category: word, type: word })).toEqual({ category: kept, type: kept });
  });

  it.each([
    [undefined],
    [null],
    ['service'],
    [7],
    [[]],
    [{}],
    [{ type: 'regular', billable: true }],
    [{ category: null, type: 'regular' }],
    [{ category: 7 }],
    [{ category: ['service'] }],
  ])('counts as absent without a category: %j', (raw) => {
    expect(readPricing(raw)).toBeUndefined();
  });

  it.each([
    [{ type: null, billable: null, model: null }],
    [{ type: 7, billable: 'true', model: {} }],
    [{ type: {}, billable: 1, model: '' }],
    [{ type: [], billable: [], model: 'a model of some length' }],
    [{ type: false, billable: 'no', model: 'P'.repeat(41) }],
  ])('loses only what cannot be read: %j', (rest) => {
    expect(readPricing({ category: 'service', ...rest })).toEqual({ category: 'service' });
  });

  it('is shown without the pricing model', () => {
    expect(toPriceView({ category: 'service', type: 'regular', billable: true, model: 'PMP' })).toEqual({
      category: 'service',
      type: 'regular',
      billable: true,
    });
    expect(toPriceView(undefined)).toBeUndefined();
  });
});

describe('whether a message is paid for', () => {
  it.each([
    ['regular', undefined, true],
    ['regular', false, true],
    ['free_customer_service', undefined, false],
    ['free_customer_service', true, false],
    ['free_entry_point', true, false],
    ['free_group_customer_service', undefined, false],
    ['free_novelty', true, false],
    [undefined, true, true],
    [undefined, false, false],
    [undefined, undefined, undefined],
    ['novelty', undefined, undefined],
    ['novelty', true, true],
    ['other', false, false],
    ['freelance', undefined, undefined],
  ])('type %s, billable %s: %s', (type, billable, paid) => {
    expect(isPaid({ category: 'service', type, billable })).toBe(paid);
  });
});
