import { type Identities, parsePhone, parseUserId } from '../../domain/customer.ts';

/** Reads a channel identity: a phone number, without `+` in messages and with it in some receipts, or a user id. */
export const parseIdentity = (identity: string): Identities | undefined => {
  const phone = parsePhone(identity);
  if (phone !== undefined) return { phone };
  const userId = parseUserId(identity);
  return userId === undefined ? undefined : { userId };
};
