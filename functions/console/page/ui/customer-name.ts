import type { components } from '../../../client/openapi.ts';

type Name = components['schemas']['Name'];

/** Whatever has names: a window, a customer. */
export interface Named {
  readonly customer: string;
  readonly names: readonly Name[];
}

/** The country codes of one and of two digits (ITU-T E.164); all others have three. */
const COUNTRY_CODE = /^(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/;

/** The national part in threes; two to four digits stand last. */
const GROUPS = /\d{3}(?=\d{2})|\d+$/g;

/** A phone number so that people can read it. */
export const phoneNumber = (name: string): string => {
  const digits = name.replace(/^\+/, '');
  const [country = ''] = COUNTRY_CODE.exec(digits) ?? [];
  return [`+${country}`, ...(digits.slice(country.length).match(GROUPS) ?? [])].join(' ');
};

const isUserId = ({ customer, names }: Named): boolean =>
  names.find(({ name }) => name === customer)?.kind === 'user_id' ||
  (names.length === 0 && !/^\+?[1-9]\d{6,14}$/.test(customer));

/** Under which a customer is known: a number, or a user id, which is never shown as a number. */
export interface ShownName {
  readonly kind: 'number' | 'user_id';
  readonly text: string;
}

export const shownName = (named: Named): ShownName =>
  isUserId(named)
    ? { kind: 'user_id', text: named.customer.replace(/^~/, '') }
    : { kind: 'number', text: phoneNumber(named.customer) };

/** One or two letters for the place of a picture. */
export const initials = (title: string): string => {
  const letters = Array.from(title.matchAll(/(?<![\p{L}\p{N}])\p{L}/gu), ([letter]) => letter);
  return letters.slice(0, 2).join('').toUpperCase();
};
