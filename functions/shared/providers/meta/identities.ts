import { type CustomerKey, type Identities, parsePhone, parseUserId, toIdentities } from '../../domain/customer.ts';
import { Contact, SystemSender } from './schema.ts';

type KnownNames = { readonly phone: CustomerKey | undefined; readonly userId: CustomerKey | undefined };

/** An entry of `contacts`: the identities, profile name and username of a sender in the same webhook. */
export type ContactEntry = KnownNames & {
  readonly profileName: string | undefined;
  readonly username: string | undefined;
};

interface IdentifiedCustomer {
  readonly identities: Identities;
  readonly profileName: string | undefined;
  readonly username: string | undefined;
}

const phoneOf = (text: string | undefined) => (text === undefined ? undefined : parsePhone(text));
const userIdOf = (text: string | undefined) => (text === undefined ? undefined : parseUserId(text));

/** Reads `contacts`; an entry that cannot be read is skipped. */
export const toContacts = (contacts: readonly unknown[]): readonly ContactEntry[] =>
  contacts.flatMap((raw) => {
    const { data } = Contact.safeParse(raw);
    if (data === undefined) return [];
    const { name: profileName, username } = data.profile ?? {};
    return [{ phone: phoneOf(data.wa_id), userId: userIdOf(data.user_id), profileName, username }];
  });

const agree = (one: CustomerKey | undefined, other: CustomerKey | undefined) => one !== undefined && one === other;
const differ = (one: CustomerKey | undefined, other: CustomerKey | undefined) =>
  one !== undefined && other !== undefined && one !== other;

/** A contact belongs to a sender by phone or user id, not by position; a single contact also where neither contradicts it. */
const contactOf = (sender: KnownNames, contacts: readonly ContactEntry[]): ContactEntry | undefined => {
  const [only, another] = contacts;
  const match = contacts.find(({ phone, userId }) => agree(phone, sender.phone) || agree(userId, sender.userId));
  if (match !== undefined || only === undefined || another !== undefined) return match;
  return differ(only.phone, sender.phone) || differ(only.userId, sender.userId) ? undefined : only;
};

/** `system` has no contacts and may have no `from`: the customer's previous identity is preferred. */
const systemIdentities = (message: unknown): Identities | undefined => {
  const system = SystemSender.safeParse(message).data?.system;
  const userId = userIdOf(system?.previous_user_id) ?? userIdOf(system?.user_id);
  return userId === undefined ? toIdentities(phoneOf(system?.wa_id), undefined) : { userId };
};

/** Identifies the sender of a message or call; `from_user_id` is preferred to a contact's user id, and `from` may be either identity. */
export const identifyCustomer = (
  message: { readonly from?: string | undefined; readonly from_user_id?: string | undefined },
  contacts: readonly ContactEntry[],
): IdentifiedCustomer | undefined => {
  const { from, from_user_id } = message;
  const phone = phoneOf(from);
  const names = { phone, userId: userIdOf(from_user_id) ?? (phone === undefined ? userIdOf(from) : undefined) };
  const contact = contactOf(names, contacts);
  const { profileName, username } = contact ?? {};
  const identities =
    toIdentities(phone ?? contact?.phone, names.userId ?? contact?.userId) ?? systemIdentities(message);
  return identities === undefined ? undefined : { identities, profileName, username };
};
