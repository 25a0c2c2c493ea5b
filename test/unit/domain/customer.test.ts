import { describe, expect, it } from 'vitest';
import {
  CustomerKey,
  customerOf,
  isPhone,
  parseCustomer,
  parsePhone,
  parseUserId,
  toIdentities,
  userIdIn,
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
    '+0123456789',
    '0123456789',
    '++15550783881',
    '+1 555 078 3881',
    '+1-555-078-3881',
    '15550783881\n',
    '+1555O783881',
  ])('"%s" is none', (text) => {
    expect(parsePhone(text)).toBeUndefined();
    expect(parseCustomer(text)).toBeUndefined();
  });
});

describe('a provider user id', () => {
  it.each([
    'US.13491208655302741918',
    'DE.ENT.a1B2',
    'user.9373795779eb6441c8adb2eaee5b848e7dd174ddd302d7db62142f4722d574b6',
    '1234567890123456',
    'us.12#3/~x',
    'ユーザー👋',
    '~a',
    'x'.repeat(256),
  ])('opaque-user-id: %s is kept as it is', (text) => {
    expect(parseUserId(text)).toBe(text);
    expect(parseCustomer(text)).toBe(text);
    expect(userIdIn(CustomerKey.parse(text))).toBe(text);
  });

  it.each(['', 'US.a b', 'a\u00a0b', 'a\nb', 'a\u0000', 'a\u200eb', 'a\ud83d', 'x'.repeat(257)])(
    '"%s" is none',
    (text) => {
      expect(parseUserId(text)).toBeUndefined();
      expect(parseCustomer(text)).toBeUndefined();
    },
  );

  it.each(['15550783881', '+15550783881', '~15550783881', '0123456789', '123', '+x', '(555)078-3881', '~+1'])(
    '%s is tagged, so that it never names the customer with that phone number',
    (text) => {
      const key = parseUserId(text);

      expect(key).toBe(`~${text}`);
      expect(key !== undefined && isPhone(key)).toBe(false);
      expect(parseCustomer(`~${text}`)).toBe(key);
      expect(key !== undefined && userIdIn(key)).toBe(text);
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

  it('are what was found, and nothing when no customer is named', () => {
    expect(toIdentities(phone, userId)).toEqual({ phone, userId });
    expect(toIdentities(phone, undefined)).toEqual({ phone });
    expect(toIdentities(undefined, userId)).toEqual({ userId });
    expect(toIdentities(undefined, undefined)).toBeUndefined();
  });
});
