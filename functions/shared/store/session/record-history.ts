import type { CustomerKey } from '../../domain/customer.ts';
import { followMerge, type Merged, mergedIn } from '../customer/follow-merge.ts';
import type { Table } from '../dynamo/client.ts';
import { RETURN_OLD_ITEM } from '../dynamo/conditions.ts';
import { itemAbsent, putAbsent, transact } from '../dynamo/transaction.ts';
import type { PastItem, SessionItem } from '../items.ts';
import { customerKey, erasedSessionKey, historyKey } from '../keys.ts';
import { expiresAfterDays } from '../retention.ts';

export interface EndedSession {
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly session: SessionItem;
  readonly reason: PastItem['reason'];
  /** Of a merged session: the one that goes on. */
  readonly mergedInto?: string | undefined;
  /** Epoch seconds. */
  readonly endedAt: number;
  readonly retentionDays: number;
}

type Than = '<' | '<=';

/**
 * Holds while the customer's record is older than the end of the session: one who was erased is not restored (R16). Where
 * both are of one second, or the end is of the provider's clock, the mark of the erased session tells more.
 */
const isSameCustomer = (than: Than): string =>
  `attribute_exists(pk) AND attribute_not_exists(movedTo) AND (attribute_not_exists(knownSince) OR knownSince ${than} :endedAt)`;

const raiseLastInbound = (
  { tableName }: Table,
  { channel, session, endedAt }: EndedSession,
  { owner, than }: { readonly owner: CustomerKey; readonly than: Than },
) => ({
  Update: {
    TableName: tableName,
    Key: { ...customerKey(channel, owner) },
    UpdateExpression: 'SET lastInboundAt = :at',
    ConditionExpression: `${isSameCustomer(than)} AND (attribute_not_exists(lastInboundAt) OR lastInboundAt < :at)`,
    ...RETURN_OLD_ITEM,
    ExpressionAttributeValues: { ':at': session.lastInboundAt, ':endedAt': endedAt },
  },
});

const checkCustomer = ({ tableName }: Table, { channel, endedAt }: EndedSession, owner: CustomerKey) => ({
  ConditionCheck: {
    TableName: tableName,
    Key: { ...customerKey(channel, owner) },
    ConditionExpression: isSameCustomer('<='),
    ExpressionAttributeValues: { ':endedAt': endedAt },
  },
});

const putHistory = (table: Table, ended: EndedSession) => {
  const { channel, customer, session, reason, mergedInto, endedAt, retentionDays } = ended;
  const { sessionId, openedAt, lastInboundAt, openedAs } = session;
  const past: PastItem = { sessionId, openedAt, lastInboundAt, openedAs, endedAt, reason, mergedInto };
  const expiresAt = expiresAfterDays(endedAt, retentionDays);
  return putAbsent(table, { ...historyKey({ channel, customer, openedAt, sessionId }), ...past, expiresAt });
};

/** Keeps the history of a session that DynamoDB deletes. */
export const createHistoryStore = (table: Table) => ({
  /**
   * Records an ended session in one idempotent transaction: its last message on the customer, the rest in the history. A
   * session that is recorded after a later one is added to the history alone. The history of a customer who was merged
   * stays under the name that the session had.
   */
  recordHistory: async (ended: EndedSession): Promise<void> => {
    await followMerge(ended.customer, async (owner): Promise<object | Merged> => {
      const history = putHistory(table, ended);
      const notErased = itemAbsent(table, erasedSessionKey(ended.session.sessionId));
      const recorded = await transact(
        table,
        ended.reason === 'provider'
          ? [raiseLastInbound(table, ended, { owner, than: '<=' }), history, notErased]
          : [raiseLastInbound(table, ended, { owner, than: '<' }), history],
      );
      if (recorded.ok || recorded.failed.has(1)) return {};
      const merged = mergedIn(recorded.failed.get(0));
      if (merged !== undefined) return merged;
      const raise = raiseLastInbound(table, ended, { owner, than: '<=' });
      const raised = await transact(table, [raise, history, notErased]);
      if (!raised.ok) await transact(table, [checkCustomer(table, ended, owner), history, notErased]);
      return {};
    });
  },
});
