import * as z from 'zod';

const PHONE = /^\+?[1-9]\d{6,14}$/;
const USER_ID = /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$/;

/**
 * Identifies a customer of a channel in the table and the API: the phone number as `+` and digits (E.164) where it is
 * known, else the provider's user id (Meta BSUID, `US.1349…`).
 */
export const CustomerKey = z.string().min(1).max(140).brand('CustomerKey');
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

/** Reads a provider user id: two letters, a dot and up to 128 letters and digits (Meta: business-scoped user ids). */
export const parseUserId = (text: string): CustomerKey | undefined =>
  USER_ID.test(text) ? CustomerKey.parse(text) : undefined;

/** Reads the API's `customer` or `to`. */
export const parseCustomer = (text: string): CustomerKey | undefined => parsePhone(text) ?? parseUserId(text);

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
      message: 'is neither a phone number in E.164 (+15550783881) nor a provider user id (US.13491208655302741918)',
    });
    return z.NEVER;
  })
  .meta({
    description: 'Phone number in E.164, with or without +, or a provider user id',
    pattern: `${PHONE.source}|${USER_ID.source}`,
    example: '+15551234567',
  });
