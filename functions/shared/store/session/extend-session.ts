import * as z from 'zod';
import { epochSeconds, expiresAtOf, isOpen, isTooLate, type WindowLeft, windowLeft } from '../../domain/window.ts';
import { followMerge, type Merged } from '../customer/follow-merge.ts';
import { KNOWN_SINCE } from '../customer/known-since.ts';
import { slotUnchanged } from '../customer/reengagement-slot.ts';
import type { Table } from '../dynamo/client.ts';
import { updateConditionally } from '../dynamo/conditional-write.ts';
import { RETURN_OLD_ITEM } from '../dynamo/conditions.ts';
import { CHANGED_ITEMS, Contended, retryUnderContention } from '../dynamo/contention.ts';
import { readItem } from '../dynamo/read-items.ts';
import { transact } from '../dynamo/transaction.ts';
import { CustomerItem, type SessionItem, SessionRow } from '../items.ts';
import { customerKey, sessionKey } from '../keys.ts';
import { AFTER_SKEW, isMarkedAt } from './mark-clock-skew.ts';
import { sessionUnchanged } from './session-unchanged.ts';
import {
  extendMarkedSession,
  extendOpenSession,
  newSession,
  type QualifyingMessage,
  type SessionState,
} from './window-update.ts';

export type ExtendOutcome =
  | { readonly kind: 'opened' | 'extended' | 'unchanged' | 'too_late'; readonly window: WindowLeft }
  /** A skewed message may be delivered again: store the message first, then count it as it was stored (R3). */
  | { readonly kind: 'store_first'; readonly session: SessionItem | undefined }
  /** The customer was erased after the first write for the message, which is erased with them (R16). */
  | { readonly kind: 'erased' };

/** A customer who writes fast has many messages that update one session at the same time. */
const LIMITS = { ...CHANGED_ITEMS, maxAttempts: 16 };

/** Raises `lastOpenedAt` and records the identities before the session opens, so that a retry completes after a crash. */
const raiseLastOpened = async (
  table: Table,
  message: QualifyingMessage,
  isKnown: boolean,
): Promise<CustomerItem | 'skewed' | 'absent'> => {
  const { phone, userId } = message.identities;
  const identities = Object.entries({ phone, userId }).filter(([, identity]) => identity !== undefined);
  const raised = await updateConditionally(table, customerKey(message.channel, message.customer), {
    UpdateExpression: [
      `SET lastOpenedAt = :at, ${KNOWN_SINCE}`,
      ...identities.map(([name]) => `${name} = :${name}`),
    ].join(', '),
    ConditionExpression: [
      '(attribute_not_exists(lastOpenedAt) OR lastOpenedAt < :at)',
      ...(message.stored ? [] : [AFTER_SKEW]),
      ...(isKnown ? ['attribute_exists(pk)'] : []),
    ].join(' AND '),
    ExpressionAttributeValues: {
      ':at': message.at,
      ':knownSince': epochSeconds(message.now),
      ...Object.fromEntries(identities.map(([name, value]) => [`:${name}`, value])),
    },
    ReturnValues: 'ALL_NEW',
    ...RETURN_OLD_ITEM,
  });
  if (!raised.ok && raised.item === undefined) return 'absent';
  const customer = CustomerItem.parse(raised.ok ? raised.output.Attributes : raised.item);
  return !message.stored && isMarkedAt(customer, message.at) ? 'skewed' : customer;
};

/** Holds while the slot and the skew mark of the customer are what was read. */
const customerUnchanged = (customer: CustomerItem) => {
  const unchanged = slotUnchanged(customer);
  // A customer who was erased since the record was raised is not restored (R16).
  const slot = { ...unchanged, ConditionExpression: `attribute_exists(pk) AND ${unchanged.ConditionExpression}` };
  return customer.skewedUntil === undefined
    ? { ...slot, ConditionExpression: `${slot.ConditionExpression} AND attribute_not_exists(skewedUntil)` }
    : {
        ConditionExpression: `${slot.ConditionExpression} AND skewedUntil = :sameSkew`,
        ExpressionAttributeValues: { ...slot.ExpressionAttributeValues, ':sameSkew': customer.skewedUntil },
      };
};

const CONTENDED = new Contended('the session was changed by other writers');

/** The answer of the update is the session as this message left it, also where others write at the same time. */
const extended = ({ Attributes }: { readonly Attributes?: unknown }, { at }: QualifyingMessage): ExtendOutcome => ({
  kind: 'extended',
  window: {
    sessionId: z.object({ sessionId: z.string() }).safeParse(Attributes).data?.sessionId,
    state: 'open',
    expiresAt: expiresAtOf(at),
  },
});

/** No session is open: the window of the newest message known has ended. */
const tooLate = ({ at }: QualifyingMessage, customer: CustomerItem): ExtendOutcome => {
  const newest = Math.max(at, customer.lastOpenedAt ?? 0, customer.lastInboundAt ?? 0);
  return { kind: 'too_late', window: { state: 'closed', expiresAt: expiresAtOf(newest) } };
};

/**
 * Replaces the session that was read by a new one while the re-engagement slot is what was read: a template that uses
 * the slot in between would otherwise stay unknown to the session, and the slot used for ever (R8).
 */
const open = async (
  table: Table,
  message: QualifyingMessage,
  state: SessionState,
): Promise<ExtendOutcome | Contended> => {
  const { channel, customer } = message;
  const { tableName: TableName } = table;
  const session = newSession(message, state.customer);
  const Item = { ...sessionKey(channel, customer), ...session };
  const opened = await transact(table, [
    { Put: { TableName, Item, ...sessionUnchanged(state.session) } },
    { ConditionCheck: { TableName, Key: customerKey(channel, customer), ...customerUnchanged(state.customer) } },
  ]);
  return opened.ok ? { kind: 'opened', window: windowLeft(session, message.now) } : CONTENDED;
};

/** Raises it also where a session has no customer's record; `erased` once neither is stored. */
const raise = async (
  table: Table,
  message: QualifyingMessage,
  session: SessionItem | undefined,
): Promise<CustomerItem | 'skewed' | 'erased'> => {
  const { channel, customer, isKnown = false } = message;
  const raised = await raiseLastOpened(table, message, isKnown || session !== undefined);
  if (raised !== 'absent') return raised;
  if (isKnown || (await readItem(table, sessionKey(channel, customer))) === undefined) return 'erased';
  const again = await raiseLastOpened(table, message, false);
  return again === 'absent' ? 'erased' : again;
};

const openOrExtend = async (
  table: Table,
  message: QualifyingMessage,
  session: SessionItem | undefined,
): Promise<ExtendOutcome | Contended> => {
  const customer = await raise(table, message, session);
  if (customer === 'skewed') return { kind: 'store_first', session };
  if (customer === 'erased') return { kind: 'erased' };
  if (isTooLate(message.at, message.now)) return tooLate(message, customer);
  if (isOpen(session, message.now) && session.phase !== 'closed') {
    const marked = await extendMarkedSession(table, message, { session, customer });
    return marked.ok ? extended(marked.output, message) : CONTENDED;
  }
  return open(table, message, { session, customer });
};

const attempt = async (table: Table, message: QualifyingMessage): Promise<ExtendOutcome | Contended | Merged> => {
  const steady = await extendOpenSession(table, message);
  if (steady.ok) return extended(steady.output, message);
  const row = SessionRow.optional().parse(steady.item);
  if (row === undefined) return openOrExtend(table, message, row);
  if ('movedTo' in row) return row;
  if (!message.stored && isMarkedAt(row, message.at)) return { kind: 'store_first', session: row };
  if (row.lastInboundAt >= message.at) return { kind: 'unchanged', window: windowLeft(row, message.now) };
  return openOrExtend(table, message, row);
};

const extendAt = (table: Table, message: QualifyingMessage): Promise<ExtendOutcome | Merged> => {
  let { isKnown } = message;
  return retryUnderContention<ExtendOutcome | Merged>(LIMITS, async () => {
    const outcome = await attempt(table, { ...message, isKnown });
    // An attempt that other writers prevented has found or written the customer's record.
    if (outcome instanceof Contended) isKnown = true;
    return outcome;
  });
};

/** Opens or extends the session for one qualifying message; any order and any repetition lead to the same window (R2). */
export const extendSession = (table: Table, message: QualifyingMessage): Promise<ExtendOutcome> =>
  followMerge(message.customer, (customer) =>
    extendAt(table, { ...message, customer, isKnown: message.isKnown === true && customer === message.customer }),
  );
