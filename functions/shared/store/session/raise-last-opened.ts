import { isPhone } from '../../domain/customer.ts';
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

/** `skewed`: the message must be stored first. `erased`: neither record nor session is stored any more. */
export type Raised =
  | { readonly kind: 'raised'; readonly customer: CustomerItem }
  | { readonly kind: 'skewed' }
  | { readonly kind: 'erased' }
  | ({ readonly kind: 'moved' } & Merged);

interface Raise {
  /** A record that is not stored any more was erased. */
  readonly isKnown: boolean;
  /** True once the message is known to be the customer's, although another of their names is younger. */
  readonly isOfOwner?: boolean;
}

const updateOf = (message: QualifyingMessage, { isKnown, isOfOwner = false }: Raise) => {
  const { customer: name, at } = message;
  const own = isPhone(name) ? 'phone' : 'userId';
  const profile = message.profile === undefined ? undefined : { ...message.profile, at };
  return {
    UpdateExpression: [
      `SET lastOpenedAt = :at, ${own} = :name, ${KNOWN_SINCE}`,
      ...(profile === undefined ? [] : ['profile = if_not_exists(profile, :profile)']),
    ].join(', '),
    ConditionExpression: [
      'attribute_not_exists(movedTo)',
      ...(isOfOwner ? [] : ['(attribute_not_exists(ownedFrom) OR ownedFrom <= :at)']),
      '(attribute_not_exists(lastOpenedAt) OR lastOpenedAt < :at)',
      ...(message.stored ? [] : [AFTER_SKEW]),
      ...(isKnown ? ['attribute_exists(pk)'] : []),
    ].join(' AND '),
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

const hasYoungerName = ({ ownedFrom = 0 }: CustomerItem, { at }: QualifyingMessage, of: Raise): boolean =>
  of.isOfOwner !== true && ownedFrom > at;

const raise = async (
  table: Table,
  message: QualifyingMessage,
  of: Raise,
): Promise<Raised | { readonly kind: 'absent' }> => {
  const { channel, customer: name, at } = message;
  const raised = await updateConditionally(table, customerKey(channel, name), updateOf(message, of));
  if (!raised.ok && raised.item === undefined) return { kind: 'absent' };
  const customer = CustomerItem.parse(raised.ok ? raised.output.Attributes : raised.item);
  const movedTo = customer.movedTo ?? previousOwnerOf(customer, message.given, at);
  if (movedTo !== undefined) return { kind: 'moved', movedTo };
  if (!raised.ok && hasYoungerName(customer, message, of)) return raise(table, message, { ...of, isOfOwner: true });
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
