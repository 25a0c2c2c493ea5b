import { type CustomerKey, isPhone, userIdIn } from '../../../functions/shared/domain/customer.ts';

/** Numbers that WhatsApp writes otherwise than they are dialled: Brazil's ninth digit, Mexico's 1, Argentina's 9. */
const SPELLINGS: readonly (readonly [dialled: RegExp, waId: string])[] = [
  [/^55(\d{2})9(\d{8})$/, '55$1$2'],
  [/^52([2-9]\d{9})$/, '521$1'],
  [/^54([1-8]\d{9})$/, '549$1'],
];

/** A name as the simulated WhatsApp knows it: digits of a number in its own spelling, a user id as it is. */
export const waIdOf = (name: string): string => {
  const digits = name.replace(/^\+/, '');
  const [dialled, waId] = SPELLINGS.find(([pattern]) => pattern.test(digits)) ?? [];
  return dialled === undefined || waId === undefined ? digits : digits.replace(dialled, waId);
};

/** The names of a customer who writes, as WhatsApp writes them. */
export const senderOf = ({
  from,
  userId,
}: {
  readonly from?: CustomerKey | undefined;
  readonly userId?: string | undefined;
}) =>
  from === undefined || isPhone(from)
    ? { waId: from === undefined ? undefined : waIdOf(from), userId }
    : { waId: undefined, userId: userId ?? userIdIn(from) };
