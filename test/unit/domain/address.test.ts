import { describe, expect, it } from 'vitest';
import { addressOf } from '../../../functions/shared/domain/address.ts';
import { CustomerKey } from '../../../functions/shared/domain/customer.ts';
import type { KnownName, NameKind } from '../../../functions/shared/domain/names.ts';

const W = CustomerKey.parse('+15550000001');
const NEXT = CustomerKey.parse('+15550000002');
const CRM = CustomerKey.parse('+15550000109');
const U = CustomerKey.parse('US.1');

const known = (name: CustomerKey, kind: NameKind, more: Partial<KnownName> = {}): KnownName => ({
  name,
  kind,
  since: 1,
  learnedFrom: 'message',
  ...more,
});
const person = { customer: W, names: [known(W, 'wa_id'), known(CRM, 'number', { spells: W }), known(U, 'user_id')] };
const changed = {
  customer: NEXT,
  names: [
    known(W, 'wa_id', { replacedAt: 10 }),
    known(CRM, 'number', { spells: W }),
    known(NEXT, 'wa_id', { changedAt: 10 }),
  ],
};

describe('a message goes to', () => {
  it.each([W, CRM, U])('%s, the name that was asked for', (to) => {
    expect(addressOf(to, person, 'all')).toBe(to);
  });

  it('the name itself where it is the only one', () => {
    expect(addressOf(U, { customer: U, names: [] }, 'all')).toBe(U);
  });

  it.each([W, CRM])('the canonical name in place of %s, a number that was given up', (to) => {
    expect(addressOf(to, changed, 'all')).toBe(NEXT);
  });

  it('the number where WhatsApp accepts no user id', () => {
    expect(addressOf(U, person, 'none')).toBe(W);
    expect(addressOf(U, { customer: U, names: [] }, 'none')).toBeUndefined();
  });

  it('the number before a user id where one of them may be of another portfolio', () => {
    expect(addressOf(U, person, 'unless_number')).toBe(W);
    expect(addressOf(U, { customer: U, names: [] }, 'unless_number')).toBe(U);
  });
});
