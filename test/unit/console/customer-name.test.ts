import { describe, expect, it } from 'vitest';
import { initials, phoneNumber, shownName } from '../../../functions/console/page/ui/customer-name.ts';

const named = (customer: string, kind?: 'user_id' | 'number' | 'wa_id') => ({
  customer,
  names: kind === undefined ? [] : [{ name: customer, kind, since: null, learnedFrom: null }],
});

describe('the name of a customer', () => {
  it.each([
    ['15551234567', '+1 555 123 4567'],
    ['+4915123456789', '+49 151 234 567 89'],
    ['5511987654321', '+55 119 876 543 21'],
    ['35312345678', '+353 123 456 78'],
  ])('%s is written as %s', (name, text) => {
    expect(phoneNumber(name)).toBe(text);
  });

  it.each([
    [named('US.13491208655302741918', 'user_id'), 'US.13491208655302741918'],
    [named('~15551234567', 'user_id'), '15551234567'],
    [named('US.13491208655302741918'), 'US.13491208655302741918'],
  ])('a user id is never shown as a phone number: %j', (customer, text) => {
    expect(shownName(customer)).toEqual({ kind: 'user_id', text });
  });

  it('a number is shown as one', () => {
    expect(shownName(named('15551234567', 'wa_id'))).toEqual({ kind: 'number', text: '+1 555 123 4567' });
  });

  it('has initials of its words in any script, and none of a number', () => {
    expect(initials('Mira da Silva')).toBe('MD');
    expect(initials('Анна К.')).toBe('АК');
    expect(initials('+1 555 123 4567')).toBe('');
    expect(initials('<b>😀')).toBe('B');
  });
});
