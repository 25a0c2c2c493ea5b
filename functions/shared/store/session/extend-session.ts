import * as z from 'zod';
import type { CustomerKey } from '../../domain/customer.ts';
import { expiresAtOf, isOpen, isTooLate, type WindowLeft, windowLeft } from '../../domain/window.ts';
import { followMerge, type Merged } from '../customer/follow-merge.ts';
import { slotUnchanged } from '../customer/reengagement-slot.ts';
import type { Table } from '../dynamo/client.ts';
import { CHANGED_ITEMS, Contended, retryUnderContention } from '../dynamo/contention.ts';
import { transact } from '../dynamo/transaction.ts';
import { type CustomerItem, type SessionItem, SessionRow, type Tombstone } from '../items.ts';
import { customerKey, sessionKey } from '../keys.ts';
import { identifyWriter } from './identify-writer.ts';
import { isMarkedAt } from './mark-clock-skew.ts';
import { isIdentified, isLinkedIn, raiseLastOpened } from './raise-last-opened.ts';
import { sessionUnchanged } from './session-unchanged.ts';
import {
  extendMarkedSession,
  extendOpenSession,
  newSession,
  type QualifyingMessage,
  type SessionState,
} from './window-update.ts';

type Counted = {
  readonly kind: 'opened' | 'extended' | 'unchanged' | 'too_late';
  readonly window: WindowLeft;
  /** The canonical name of the customer. */
  readonly customer: CustomerKey;
};

export type ExtendOutcome =
  | Counted
  /** A skewed message may be delivered again: store the message first, then count it as it was stored (R3). */
  | { readonly kind: 'store_first'; readonly session: SessionItem | undefined }
  /** The customer was erased after the first write for the message, which is erased with them (R16). */
  | { readonly kind: 'erased' };

/** The names of the webhook must be linked first, or the name has got another owner. */
type Unidentified = { readonly kind: 'unidentified' };
const UNIDENTIFIED: Unidentified = { kind: 'unidentified' };

/** A customer who writes fast has many messages that update one session at the same time. */
const LIMITS = { ...CHANGED_ITEMS, maxAttempts: 16 };

/** Holds while the slot, the skew mark and the names of the customer are what was read. */
const customerUnchanged = (customer: CustomerItem) => {
  const slot = slotUnchanged(customer);
  const { skewedUntil, names } = customer;
  return {
    ConditionExpression: [
      // A customer who was erased since the record was raised is not restored (R16).
      'attribute_exists(pk) AND attribute_not_exists(movedTo)',
      slot.ConditionExpression,
      skewedUntil === undefined ? 'attribute_not_exists(skewedUntil)' : 'skewedUntil = :sameSkew',
      names === undefined ? 'attribute_not_exists(#names)' : '#names = :sameNames',
    ].join(' AND '),
    ExpressionAttributeNames: { '#names': 'names' },
    ExpressionAttributeValues: {
      ...slot.ExpressionAttributeValues,
      ...(skewedUntil === undefined ? {} : { ':sameSkew': skewedUntil }),
      ...(names === undefined ? {} : { ':sameNames': names }),
    },
  };
};

const CONTENDED = new Contended('the session was changed by other writers');

/** The answer of the update is the session as this message left it, also where others write at the same time. */
const extended = (
  { Attributes }: { readonly Attributes?: unknown },
  { at, customer }: QualifyingMessage,
): ExtendOutcome => ({
  kind: 'extended',
  customer,
  window: {
    sessionId: z.object({ sessionId: z.string() }).safeParse(Attributes).data?.sessionId,
    state: 'open',
    expiresAt: expiresAtOf(at),
  },
});

/** No session is open: the window of the newest message known has ended. */
const tooLate = ({ at, customer }: QualifyingMessage, record: CustomerItem): ExtendOutcome => {
  const newest = Math.max(at, record.lastOpenedAt ?? 0, record.lastInboundAt ?? 0);
  return { kind: 'too_late', customer, window: { state: 'closed', expiresAt: expiresAtOf(newest) } };
};

/** DynamoDB accepts no empty map of values. */
const withoutEmptyValues = <T extends { readonly ExpressionAttributeValues: object }>(condition: T) => {
  const { ExpressionAttributeValues: values, ...rest } = condition;
  return Object.keys(values).length === 0 ? rest : condition;
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
  const session = newSession(message, state);
  const Item = { ...sessionKey(channel, customer), ...session };
  const unchanged = withoutEmptyValues(customerUnchanged(state.customer));
  const opened = await transact(table, [
    { Put: { TableName, Item, ...sessionUnchanged(state.session) } },
    { ConditionCheck: { TableName, Key: customerKey(channel, customer), ...unchanged } },
  ]);
  return opened.ok ? { kind: 'opened', customer, window: windowLeft(session, message.now) } : CONTENDED;
};

const unchanged = (session: SessionItem, { customer, now }: QualifyingMessage): ExtendOutcome => ({
  kind: 'unchanged',
  customer,
  window: windowLeft(session, now),
});

/** Whether the session is of a message at least as new. */
const counts = ({ lastInboundAt }: SessionItem, { at }: QualifyingMessage): boolean => lastInboundAt >= at;

/** Opens or extends the session of the customer whose message it is. */
const openOrExtendOf = async (
  table: Table,
  message: QualifyingMessage,
  state: SessionState,
): Promise<ExtendOutcome | Contended> => {
  const { session, customer } = state;
  if (session !== undefined && counts(session, message)) return unchanged(session, message);
  if (isTooLate(message.at, message.now)) return tooLate(message, customer);
  if (isOpen(session, message.now) && session.phase !== 'closed') {
    const marked = await extendMarkedSession(table, message, { session, customer });
    return marked.ok ? extended(marked.output, message) : CONTENDED;
  }
  return open(table, message, state);
};

const openOrExtend = async (
  table: Table,
  message: QualifyingMessage,
  session: SessionItem | undefined,
): Promise<ExtendOutcome | Contended | Merged | Unidentified> => {
  const raised = await raiseLastOpened(table, message, session);
  if (raised.kind === 'skewed') return { kind: 'store_first', session };
  if (raised.kind === 'moved') return { movedTo: raised.movedTo };
  if (raised.kind !== 'raised') return raised;
  const { customer } = raised;
  return isLinkedIn(customer, message) ? openOrExtendOf(table, message, { session, customer }) : UNIDENTIFIED;
};

/** A number that its owner has given up leads to them for what is older alone. */
const followTombstone = ({ movedTo, until }: Tombstone, { at, isLinked }: QualifyingMessage): Merged | Unidentified =>
  until !== undefined && at >= until && isLinked !== true ? UNIDENTIFIED : { movedTo };

/** What is older than the session, or than its coming from another name, may be the previous owner's of the name. */
const isBefore = ({ openedAt, carriedAt = openedAt }: SessionItem, { at }: QualifyingMessage): boolean =>
  at < Math.max(openedAt, carriedAt);

/** Whether the names of the message are the session's: of what is older than the session, only once they are linked. */
const isLinkedWith = (session: SessionItem, message: QualifyingMessage): boolean => {
  const { otherName, customer } = message;
  if (isIdentified(message) || otherName === customer) return true;
  return !isBefore(session, message) && otherName !== undefined && session.names?.has(otherName) === true;
};

const attempt = async (
  table: Table,
  message: QualifyingMessage,
): Promise<ExtendOutcome | Contended | Merged | Unidentified> => {
  const steady = await extendOpenSession(table, message);
  if (steady.ok) return extended(steady.output, message);
  const row = SessionRow.optional().parse(steady.item);
  if (row === undefined) return openOrExtend(table, message, row);
  if ('movedTo' in row) return followTombstone(row, message);
  if (!isLinkedWith(row, message)) return UNIDENTIFIED;
  if (!message.stored && isMarkedAt(row, message.at)) return { kind: 'store_first', session: row };
  const isKnown = counts(row, message) && !isBefore(row, message);
  return isKnown ? unchanged(row, message) : openOrExtend(table, message, row);
};

const extendAt = (table: Table, message: QualifyingMessage): Promise<ExtendOutcome | Merged | Unidentified> => {
  let { isKnown } = message;
  return retryUnderContention<ExtendOutcome | Merged | Unidentified>(LIMITS, async () => {
    const outcome = await attempt(table, { ...message, isKnown });
    // An attempt that other writers prevented has found or written the customer's record.
    if (outcome instanceof Contended) isKnown = true;
    return outcome;
  });
};

const extendFrom = (table: Table, message: QualifyingMessage): Promise<ExtendOutcome | Unidentified> =>
  followMerge(message.customer, (customer) =>
    extendAt(table, {
      ...message,
      customer,
      isKnown: message.isKnown === true && customer === message.customer,
    }),
  );

/** A name that is given up or linked meanwhile is identified again. */
const MAX_IDENTIFIED = 4;

/**
 * Opens or extends the session for one qualifying message; any order and any repetition lead to the same window (R2), under
 * whichever name of the customer it comes. Names that are not linked yet are linked first.
 */
export const extendSession = async (table: Table, message: QualifyingMessage): Promise<ExtendOutcome> => {
  let next = message;
  for (let identified = 0; identified <= MAX_IDENTIFIED; identified += 1) {
    const outcome = await extendFrom(table, next);
    if (outcome.kind !== 'unidentified') return outcome;
    const writer = await identifyWriter(table, next);
    if (writer === 'erased') return { kind: 'erased' };
    next = { ...message, ...writer };
  }
  throw new Error(`the customer of a message had another name in each of ${MAX_IDENTIFIED} attempts`);
};
