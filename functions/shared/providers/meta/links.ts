import { type CustomerKey, parsePhone, parseUserId } from '../../domain/customer.ts';
import type { InboundMessage } from '../../domain/inbound.ts';
import { ownName, type ReportedName } from '../../domain/names.ts';
import { SystemChange } from './schema.ts';

const namesOf = (...names: readonly (CustomerKey | undefined)[]): readonly ReportedName[] =>
  [...new Set(names)].filter((name) => name !== undefined).map(ownName);

const phoneOf = (text: string | undefined) => (text === undefined ? undefined : parsePhone(text));
const userIdOf = (text: string | undefined) => (text === undefined ? undefined : parseUserId(text));

/** A `system` message of a changed number or user id: the new names, and those that they replace. */
export const nameChangeOf = (message: { readonly timestamp: number }): InboundMessage['link'] => {
  const { data } = SystemChange.safeParse(message);
  if (data === undefined) return undefined;
  const { type, wa_id, user_id, previous_user_id } = data.system;
  const sender = phoneOf(data.from);
  const phone = phoneOf(wa_id) ?? (type === 'user_changed_user_id' ? sender : undefined);
  const [userId, previous] = [userIdOf(user_id), userIdOf(previous_user_id)];
  const names = namesOf(phone, userId);
  const replaced = namesOf(sender === phone ? undefined : sender, previous === userId ? undefined : previous);
  if (names.length === 0 || replaced.length === 0) return undefined;
  return { names, replaced, at: message.timestamp, learnedFrom: 'system' };
};
