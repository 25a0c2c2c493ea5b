import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SendRequest } from '../../functions/shared/domain/content.ts';
import { parseCustomer } from '../../functions/shared/domain/customer.ts';
import { parseWith } from '../../functions/shared/http/request.ts';
import { anyCustomer } from '../support/arbitraries.ts';
import { aSendRequest } from '../support/builders.ts';

describe('a send request', () => {
  it('has a button title of 1 to 20 characters that is not blank, of whatever script', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (title) => {
        const content = { type: 'buttons', body: 'Which?', buttons: [{ id: 'a', title }] };
        const length = Array.from(title).length;

        expect(SendRequest.safeParse(aSendRequest({ content })).success).toBe(title.trim() !== '' && length <= 20);
      }),
    );
  });

  it('is answered and never throws, whatever is sent', () => {
    const anyType = fc.constantFrom('text', 'image', 'location', 'contacts', 'buttons', 'list', 'reaction', 'hologram');
    const anyFields = fc.dictionary(
      fc.constantFrom('text', 'url', 'latitude', 'contacts', 'buttons', 'sections', 'emoji', '__proto__', 'x'),
      fc.jsonValue(),
    );
    const anyContent = fc.oneof(
      fc.jsonValue(),
      fc.tuple(anyType, anyFields).map(([type, fields]) => ({ ...fields, type })),
    );

    fc.assert(
      fc.property(anyContent, fc.jsonValue(), (content, to) => {
        const parsed = parseWith(SendRequest, aSendRequest({ content, to }));

        if (!parsed.ok) expect(parsed.problem.errors).not.toHaveLength(0);
        if (!parsed.ok)
          expect(parsed.problem.errors?.every(({ path }) => /^(?:to|content)(?:\.|$)/.test(path))).toBe(true);
      }),
    );
  });
});

describe('the name of a customer', () => {
  it('names itself', () => {
    fc.assert(
      fc.property(anyCustomer, (customer) => {
        expect(parseCustomer(customer)).toBe(customer);
      }),
    );
  });

  it('is the same with and without a plus', () => {
    fc.assert(
      fc.property(anyCustomer, (customer) => {
        expect(parseCustomer(customer.replace(/^\+/, ''))).toBe(customer);
      }),
    );
  });
});
