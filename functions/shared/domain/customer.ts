import * as z from 'zod';

const PHONE = /^\+?[1-9]\d{6,14}$/;
/** Visible characters without spaces; the marks of direction and other invisible characters are none. */
const VISIBLE = /^[^\p{Z}\p{Cc}\p{Cf}\p{Cs}]+$/u;
/** At 3 bytes for each UTF-16 unit, a key with it stays within DynamoDB's limit of 1,024 bytes. */
const MAX_USER_ID = 256;

/** Distinguishes a user id from a phone number where it could be read as one. */
const TAG = '~';
const LIKE_A_PHONE = /^~*(?:\+|[\d()./-]{1,15}$)/;

/**
 * Identifies a customer of a channel in the table and the API: the phone number as `+` and digits (E.164) where it is
 * known, else the provider's user id (Meta BSUID, `US.1349…`), with `~` before it where it could be read as a number.
 */
export const CustomerKey = z
  .string()
  .min(1)
  .max(MAX_USER_ID + TAG.length)
  .brand('CustomerKey');
export type CustomerKey = z.infer<typeof CustomerKey>;

/** The identifiers of a customer in a provider's webhook: at least one. */
export type Identities =
  | { readonly phone: CustomerKey; readonly userId?: CustomerKey | undefined }
  | { readonly phone?: undefined; readonly userId: CustomerKey };

/** The identities of a customer; `undefined` where neither is known. */
export const toIdentities = (
  phone: CustomerKey | undefined,
  userId: CustomerKey | undefined,
): Identities | undefined => {
  if (phone !== undefined) return { phone, userId };
  return userId === undefined ? undefined : { userId };
};

/** Reads a phone number with or without `+`; syntax only, no numbering-plan check. */
export const parsePhone = (text: string): CustomerKey | undefined =>
  PHONE.test(text) ? CustomerKey.parse(text.startsWith('+') ? text : `+${text}`) : undefined;

const isVisible = (text: string, maxLength: number): boolean => text.length <= maxLength && VISIBLE.test(text);

/**
 * Reads a provider's user id, which is opaque: any 1 to 256 visible characters. The key is the id itself, or the tagged id
 * where it could be read as a phone number; no two ids have the same key.
 */
export const parseUserId = (text: string): CustomerKey | undefined =>
  isVisible(text, MAX_USER_ID) ? CustomerKey.parse(LIKE_A_PHONE.test(text) ? `${TAG}${text}` : text) : undefined;

/** The user id exactly as the provider gave it. */
export const userIdIn = (customer: CustomerKey): string =>
  customer.startsWith(TAG) && LIKE_A_PHONE.test(customer) ? customer.slice(TAG.length) : customer;

const isKeyOfUserId = (text: string): boolean =>
  text.startsWith(TAG)
    ? isVisible(text, MAX_USER_ID + TAG.length)
    : !LIKE_A_PHONE.test(text) && isVisible(text, MAX_USER_ID);

/** Reads the API's `customer` or `to`, and the name in a key: a phone number, or a user id as the API shows it. */
export const parseCustomer = (text: string): CustomerKey | undefined =>
  parsePhone(text) ?? (isKeyOfUserId(text) ? CustomerKey.parse(text) : undefined);

/** No key of a user id begins with a plus. */
export const isPhone = (customer: CustomerKey): boolean => customer.startsWith('+');

/** The customer's key in the table: the phone number where the webhook has it, else the user id. */
export const customerOf = (identities: Identities): CustomerKey => identities.phone ?? identities.userId;

/** A customer in a request, as the API documents it. */
export const CustomerName = z
  .string()
  .transform((text, context) => {
    const customer = parseCustomer(text);
    if (customer !== undefined) return customer;
    context.addIssue({
      code: 'custom',
      message:
        'is neither a phone number in E.164 (+15550783881) nor a provider user id (1 to 256 visible characters without spaces; ~ before one that looks like a number)',
    });
    return z.NEVER;
  })
  .meta({
    description:
      'Phone number in E.164, with or without +, or a provider user id: 1 to 256 visible characters without spaces, percent-encoded in a path. One that could be read as a number has ~ before it, as in the events',
    pattern: '^\\S{1,257}$',
    example: '+15551234567',
  });
