import { describe, expect, it } from 'vitest';
import {
  customerOf,
  isPhone,
  parseCustomer,
  parsePhone,
  parseUserId,
  toIdentities,
} from '../../../functions/shared/domain/customer.ts';
import { aCustomer, aUserId } from '../../support/builders.ts';

describe('a phone number', () => {
  it.each(['+15550783881', '15550783881'])('%s is filed with a plus', (text) => {
    expect(parsePhone(text)).toBe('+15550783881');
  });

  it.each(['1234567', '123456789012345', '+1234567'])('%s has a length that E.164 allows', (text) => {
    expect(parsePhone(text)).toBe(`+${text.replace('+', '')}`);
  });

  it.each([
    '',
    '+',
    '123456',
    '1234567890123456',
    '+0123456789',
    '0123456789',
    '++15550783881',
    '+1 555 078 3881',
    '+1-555-078-3881',
    '15550783881\n',
    'fivefivefive',
    '+1555O783881',
    '١٥٥٥٠٧٨٣٨٨١',
  ])('"%s" is none', (text) => {
    expect(parsePhone(text)).toBeUndefined();
    expect(parseCustomer(text)).toBeUndefined();
  });
});

describe('a provider user id', () => {
  it.each(['US.13491208655302741918', 'DE.ENT.a1B2', `IN.${'x'.repeat(128)}`])('%s is kept as it is', (text) => {
    expect(parseUserId(text)).toBe(text);
    expect(parseCustomer(text)).toBe(text);
  });

  it.each(['US.', 'us.123', 'USA.123', 'US.12#3', 'US.a b', `US.${'x'.repeat(129)}`, 'US.ENT.', 'US.ORG.1'])(
    '"%s" is none',
    (text) => {
      expect(parseUserId(text)).toBeUndefined();
    },
  );

  it('is not mistaken for a phone number', () => {
    expect(isPhone(aUserId())).toBe(false);
    expect(isPhone(aCustomer())).toBe(true);
  });
});

describe('the identities of a customer', () => {
  const phone = aCustomer();
  const userId = aUserId();

  it('file the customer under the phone number where it is known', () => {
    expect(customerOf({ phone, userId })).toBe(phone);
    expect(customerOf({ phone })).toBe(phone);
    expect(customerOf({ userId })).toBe(userId);
  });

  it('are what was found, and nothing when nobody is named', () => {
    expect(toIdentities(phone, userId)).toEqual({ phone, userId });
    expect(toIdentities(phone, undefined)).toEqual({ phone });
    expect(toIdentities(undefined, userId)).toEqual({ userId });
    expect(toIdentities(undefined, undefined)).toBeUndefined();
  });
});
