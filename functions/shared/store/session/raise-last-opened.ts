import { isPhone } from '../../domain/customer.ts';
import { ownedName } from '../../domain/names.ts';
import { epochSeconds } from '../../domain/window.ts';
import type { Merged } from '../customer/follow-merge.ts';
import { KNOWN_SINCE } from '../customer/known-since.ts';
import { previousOwnerOf } from '../customer/previous-owner.ts';
import type { Table } from '../dynamo/client.ts';
import { updateConditionally } from '../dynamo/conditional-write.ts';
import { RETURN_OLD_ITEM } from '../dynamo/conditions.ts';
import { readItem } from '../dynamo/read-items.ts';
import { CustomerItem, type SessionItem } from '../items.ts';
import { customerKey, sessionKey } from '../keys.ts';
import { AFTER_SKEW, isMarkedAt } from './mark-clock-skew.ts';
import type { QualifyingMessage } from './window-update.ts';

/**
 * `skewed`: the message must be stored first. `erased`: neither record nor session is stored any more. `unidentified`: the
 * names of the message must be linked first.
 */
export type Raised =
  | { readonly kind: 'raised'; readonly customer: CustomerItem }
  | { readonly kind: 'skewed' }
  | { readonly kind: 'erased' }
  | { readonly kind: 'unidentified' }
  | ({ readonly kind: 'moved' } & Merged);

interface Raise {
  /** A record that is not stored any more was erased. */
  readonly isKnown: boolean;
  /** True once the message is known to be the customer's, although another of their names is younger. */
  readonly isOfOwner?: boolean;
}

/** Whether the names of the message are one person's. */
export const isIdentified = ({ otherName, isLinked }: QualifyingMessage): boolean =>
  isLinked === true || otherName === undefined;

const conditionOf = (message: QualifyingMessage, { isKnown, isOfOwner = false }: Raise): string =>
  [
    'attribute_not_exists(movedTo)',
    ...(isOfOwner ? [] : ['(attribute_not_exists(ownedFrom) OR ownedFrom <= :at)']),
    '(attribute_not_exists(lastOpenedAt) OR lastOpenedAt < :at)',
    // Of a customer with other names the message may be none.
    ...(isIdentified(message) ? [] : ['attribute_not_exists(#names)']),
    ...(message.stored ? [] : [AFTER_SKEW]),
    ...(isKnown ? ['attribute_exists(pk)'] : []),
  ].join(' AND ');

const updateOf = (message: QualifyingMessage, of: Raise) => {
  const { customer: name, at } = message;
  const own = isPhone(name) ? 'phone' : 'userId';
  const profile = message.profile === undefined ? undefined : { ...message.profile, at };
  return {
    UpdateExpression: [
      `SET lastOpenedAt = :at, ${own} = :name, ${KNOWN_SINCE}`,
      ...(profile === undefined ? [] : ['profile = if_not_exists(profile, :profile)']),
    ].join(', '),
    ConditionExpression: conditionOf(message, of),
    ...(isIdentified(message) ? {} : { ExpressionAttributeNames: { '#names': 'names' } }),
    ExpressionAttributeValues: {
      ':at': at,
      ':name': name,
      ':knownSince': epochSeconds(message.now),
      ...(profile === undefined ? {} : { ':profile': profile }),
    },
    ReturnValues: 'ALL_NEW',
    ...RETURN_OLD_ITEM,
  } as const;
};

/** Whether the names of the message are the customer's. */
export const isLinkedIn = ({ names = [] }: CustomerItem, message: QualifyingMessage): boolean =>
  isIdentified(message) || (message.otherName !== undefined && ownedName(names, message.otherName) !== undefined);

const hasYoungerName = ({ ownedFrom = 0 }: CustomerItem, { at }: QualifyingMessage, of: Raise): boolean =>
  of.isOfOwner !== true && ownedFrom > at;

/** Where the message counts instead of with the customer whose record was found. */
const elsewhere = (customer: CustomerItem, message: QualifyingMessage): Raised | undefined => {
  if (customer.movedTo !== undefined) return { kind: 'moved', movedTo: customer.movedTo };
  const previousOwner = previousOwnerOf(customer, message.given, message.at);
  const isOther = previousOwner !== undefined || !isLinkedIn(customer, message);
  if (isOther && !isIdentified(message) && customer.names !== undefined) return { kind: 'unidentified' };
  return previousOwner === undefined ? undefined : { kind: 'moved', movedTo: previousOwner };
};

/** How the message is tried again once its record was read: a condition failed that the record answers. */
const knownOf = (customer: CustomerItem, message: QualifyingMessage, of: Raise) => {
  if (!isIdentified(message) && customer.names !== undefined) return { message: { ...message, isLinked: true }, of };
  return hasYoungerName(customer, message, of) ? { message, of: { ...of, isOfOwner: true } } : undefined;
};

const raise = async (
  table: Table,
  message: QualifyingMessage,
  of: Raise,
): Promise<Raised | { readonly kind: 'absent' }> => {
  const { channel, customer: name, at } = message;
  const raised = await updateConditionally(table, customerKey(channel, name), updateOf(message, of));
  if (!raised.ok && raised.item === undefined) return { kind: 'absent' };
  const customer = CustomerItem.parse(raised.ok ? raised.output.Attributes : raised.item);
  const other = elsewhere(customer, message);
  if (other !== undefined) return other;
  const known = raised.ok ? undefined : knownOf(customer, message, of);
  if (known !== undefined) return raise(table, known.message, known.of);
  return !message.stored && isMarkedAt(customer, at) ? { kind: 'skewed' } : { kind: 'raised', customer };
};

/**
 * Raises `lastOpenedAt` before the session opens, so that a retry completes after a crash; also where a session has no
 * customer's record.
 */
export const raiseLastOpened = async (
  table: Table,
  message: QualifyingMessage,
  session: SessionItem | undefined,
): Promise<Raised> => {
  const { channel, customer, isKnown = false } = message;
  const raised = await raise(table, message, { isKnown: isKnown || session !== undefined });
  if (raised.kind !== 'absent') return raised;
  if (isKnown || (await readItem(table, sessionKey(channel, customer))) === undefined) return { kind: 'erased' };
  const again = await raise(table, message, { isKnown: false });
  return again.kind === 'absent' ? { kind: 'erased' } : again;
};
