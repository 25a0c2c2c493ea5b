import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { CustomerKey, Identities } from '../../domain/customer.ts';
import { epochSeconds, expiresAtOf, isOpen, isTooLate, phaseAt } from '../../domain/window.ts';
import { slotUnchanged } from '../customer/reengagement-slot.ts';
import type { Table } from '../dynamo/client.ts';
import { RETURN_OLD_ITEM, writeConditionally } from '../dynamo/conditional-write.ts';
import { transact } from '../dynamo/transaction.ts';
import { CustomerItem, type SessionItem, SessionRow } from '../items.ts';
import { customerKey, dueBucket, sessionKey } from '../keys.ts';
import { AFTER_SKEW } from './mark-clock-skew.ts';
import { sessionUnchanged } from './session-unchanged.ts';

/** A qualifying message as the window sees it. */
export interface QualifyingMessage {
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly identities: Identities;
  /** The whole second at which it counts (R1, R3). */
  readonly at: number;
  readonly now: Date;
  /** How long before its end the channel announces a session's closing. */
  readonly closingLeadSeconds: number;
  readonly newSessionId: () => string;
  /** True once its second is on record, so that a skewed message cannot be counted a second time (R3). */
  readonly stored: boolean;
}

export type ExtendOutcome =
  | { readonly kind: 'opened' | 'extended' | 'unchanged' | 'too_late' }
  /** A message that ran ahead of the clock was seen here: store first, then count what was stored (R3). */
  | { readonly kind: 'store_first' };

/** How often a restart starts over when others keep writing the same session; each round means that somebody got on. */
const MAX_ROUNDS = 16;

/** A message that arrives within the lead of its window's end opens or restarts a session that is closing already. */
const windowValues = ({ channel, customer, at, closingLeadSeconds, now }: QualifyingMessage) => ({
  ':at': at,
  ':expiresAt': expiresAtOf(at),
  ':phase': phaseAt(expiresAtOf(at), closingLeadSeconds, now),
  ':bucket': dueBucket({ kind: 'session', channel, customer, dueAt: expiresAtOf(at) }),
});

const SET_WINDOW = 'SET lastInboundAt = :at, expiresAt = :expiresAt, phase = :phase, dueBucket = :bucket';

/** The steady state: one conditional maximum on an open session, no read before it (R2). */
const extend = ({ documents, tableName }: Table, restart: QualifyingMessage) =>
  writeConditionally(() =>
    documents.send(
      new UpdateCommand({
        TableName: tableName,
        Key: sessionKey(restart.channel, restart.customer),
        UpdateExpression: SET_WINDOW,
        ConditionExpression: [
          'expiresAt > :now',
          'lastInboundAt < :at',
          'phase <> :closed',
          'attribute_not_exists(providerClosedFor)',
          'attribute_not_exists(slotUsedAt)',
          'attribute_not_exists(movedTo)',
          ...(restart.stored ? [] : [AFTER_SKEW]),
        ].join(' AND '),
        ExpressionAttributeValues: { ...windowValues(restart), ':now': epochSeconds(restart.now), ':closed': 'closed' },
        ...RETURN_OLD_ITEM,
      }),
    ),
  );

/** Raises `lastOpenedAt` and notes the identities, before the session opens: a crash in between is healed by the retry. */
const raiseLastOpened = async (
  { documents, tableName }: Table,
  restart: QualifyingMessage,
): Promise<CustomerItem | 'skewed'> => {
  const { phone, userId } = restart.identities;
  const names = Object.entries({ phone, userId }).filter(([, name]) => name !== undefined);
  const raised = await writeConditionally(() =>
    documents.send(
      new UpdateCommand({
        TableName: tableName,
        Key: customerKey(restart.channel, restart.customer),
        UpdateExpression: ['SET lastOpenedAt = :at', ...names.map(([name]) => `${name} = :${name}`)].join(', '),
        ConditionExpression: [
          '(attribute_not_exists(lastOpenedAt) OR lastOpenedAt < :at)',
          ...(restart.stored ? [] : [AFTER_SKEW]),
        ].join(' AND '),
        ExpressionAttributeValues: {
          ':at': restart.at,
          ...Object.fromEntries(names.map(([name, value]) => [`:${name}`, value])),
        },
        ReturnValues: 'ALL_NEW',
        ...RETURN_OLD_ITEM,
      }),
    ),
  );
  const customer = CustomerItem.parse(raised.ok ? raised.output.Attributes : raised.item);
  const ranAhead = !restart.stored && (customer.skewedUntil ?? -1) >= restart.at;
  return ranAhead ? 'skewed' : customer;
};

/** A template that was sent after this message was written: the customer's next message has yet to free the slot (R8). */
const slotUsedAfter = (at: number, { slotUsedAt, slotHolders }: CustomerItem): number | undefined =>
  slotUsedAt !== undefined && slotHolders.size > 0 && slotUsedAt > at ? slotUsedAt : undefined;

const newSession = (restart: QualifyingMessage, { customer }: Seen) => {
  const values = windowValues(restart);
  return {
    sessionId: restart.newSessionId(),
    openedAt: restart.at,
    lastInboundAt: restart.at,
    expiresAt: values[':expiresAt'],
    phase: values[':phase'],
    dueBucket: values[':bucket'],
    slotUsedAt: slotUsedAfter(restart.at, customer),
    skewedUntil: customer.skewedUntil,
  } satisfies SessionItem & Record<string, unknown>;
};

/** The slot and the mark of a skewed message are what was seen. */
const customerIs = (seen: CustomerItem) => {
  const slot = slotUnchanged(seen);
  return seen.skewedUntil === undefined
    ? { ...slot, ConditionExpression: `${slot.ConditionExpression} AND attribute_not_exists(skewedUntil)` }
    : {
        ConditionExpression: `${slot.ConditionExpression} AND skewedUntil = :seenSkew`,
        ExpressionAttributeValues: { ...slot.ExpressionAttributeValues, ':seenSkew': seen.skewedUntil },
      };
};

/**
 * Puts a new session in the place of what was seen there, while the re-engagement slot is what was seen: a template that
 * takes the slot in between would otherwise stay unknown to the session, and the slot spent for ever (R8).
 */
const open = (table: Table, restart: QualifyingMessage, seen: Seen) =>
  transact(table, [
    {
      Put: {
        TableName: table.tableName,
        Item: { ...sessionKey(restart.channel, restart.customer), ...newSession(restart, seen) },
        ...sessionUnchanged(seen.session),
      },
    },
    {
      ConditionCheck: {
        TableName: table.tableName,
        Key: customerKey(restart.channel, restart.customer),
        ...customerIs(seen.customer),
      },
    },
  ]);

/** Extends an open session that carries a mark which the steady state does not pass. */
const extendMarked = (
  { documents, tableName }: Table,
  restart: QualifyingMessage,
  seen: Seen & { session: SessionItem },
) => {
  const slotUsedAt = slotUsedAfter(restart.at, seen.customer);
  const unchanged = sessionUnchanged(seen.session);
  return writeConditionally(() =>
    documents.send(
      new UpdateCommand({
        TableName: tableName,
        Key: sessionKey(restart.channel, restart.customer),
        UpdateExpression:
          slotUsedAt === undefined
            ? `${SET_WINDOW} REMOVE providerClosedFor, slotUsedAt`
            : `${SET_WINDOW}, slotUsedAt = :slotUsedAt REMOVE providerClosedFor`,
        // Once the end has been told, the next message opens another session.
        ConditionExpression: `${unchanged.ConditionExpression} AND phase <> :closed`,
        ExpressionAttributeValues: {
          ...windowValues(restart),
          ':closed': 'closed',
          ...unchanged.ExpressionAttributeValues,
          ...(slotUsedAt === undefined ? {} : { ':slotUsedAt': slotUsedAt }),
        },
      }),
    ),
  );
};

interface Seen {
  readonly session: SessionItem | undefined;
  readonly customer: CustomerItem;
}

const openOrExtend = async (
  table: Table,
  restart: QualifyingMessage,
  session: SessionItem | undefined,
): Promise<ExtendOutcome | 'again'> => {
  const customer = await raiseLastOpened(table, restart);
  if (customer === 'skewed') return { kind: 'store_first' };
  if (isTooLate(restart.at, restart.now)) return { kind: 'too_late' };
  if (isOpen(session, restart.now) && session.phase !== 'closed') {
    const extended = await extendMarked(table, restart, { session, customer });
    return extended.ok ? { kind: 'extended' } : 'again';
  }
  const opened = await open(table, restart, { session, customer });
  return opened.ok ? { kind: 'opened' } : 'again';
};

const round = async (
  table: Table,
  restart: QualifyingMessage,
): Promise<ExtendOutcome | 'again' | { movedTo: CustomerKey }> => {
  const extended = await extend(table, restart);
  if (extended.ok) return { kind: 'extended' };
  const row = SessionRow.optional().parse(extended.item);
  if (row !== undefined && 'movedTo' in row) return row;
  if (row !== undefined && !restart.stored && (row.skewedUntil ?? -1) >= restart.at) return { kind: 'store_first' };
  if (row !== undefined && row.lastInboundAt >= restart.at) return { kind: 'unchanged' };
  return openOrExtend(table, restart, row);
};

/** Opens or restarts the session for one qualifying message: in any order, any number of times, to the same end (R2). */
export const extendSession = async (table: Table, restart: QualifyingMessage): Promise<ExtendOutcome> => {
  let customer = restart.customer;
  for (let rounds = 0; rounds < MAX_ROUNDS; rounds += 1) {
    const outcome = await round(table, { ...restart, customer });
    if (outcome === 'again') continue;
    if ('kind' in outcome) return outcome;
    customer = outcome.movedTo;
  }
  throw new Error(`the session was written by others in each of ${MAX_ROUNDS} rounds`);
};
