import type { CustomerKey } from '../../domain/customer.ts';
import type { Table } from '../dynamo/client.ts';
import { putAbsent, transact } from '../dynamo/transaction.ts';
import type { SessionItem } from '../items.ts';
import { customerKey, historyKey } from '../keys.ts';
import { expiresAfterDays } from '../retention.ts';

export interface EndedSession {
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly session: SessionItem;
  readonly reason: 'expired' | 'provider';
  /** Epoch seconds. */
  readonly endedAt: number;
  readonly retentionDays: number;
}

/** Holds while the customer's record is at least as old as the session: one who was erased is not restored (R16). */
const IS_SAME_CUSTOMER = 'attribute_exists(pk) AND (attribute_not_exists(knownSince) OR knownSince <= :endedAt)';

const raiseLastInbound = ({ tableName }: Table, { channel, customer, session, endedAt }: EndedSession) => ({
  Update: {
    TableName: tableName,
    Key: { ...customerKey(channel, customer) },
    UpdateExpression: 'SET lastInboundAt = :at',
    ConditionExpression: `${IS_SAME_CUSTOMER} AND (attribute_not_exists(lastInboundAt) OR lastInboundAt < :at)`,
    ExpressionAttributeValues: { ':at': session.lastInboundAt, ':endedAt': endedAt },
  },
});

const checkCustomer = ({ tableName }: Table, { channel, customer, endedAt }: EndedSession) => ({
  ConditionCheck: {
    TableName: tableName,
    Key: { ...customerKey(channel, customer) },
    ConditionExpression: IS_SAME_CUSTOMER,
    ExpressionAttributeValues: { ':endedAt': endedAt },
  },
});

const putHistory = (table: Table, ended: EndedSession) => {
  const { channel, customer, session, reason, endedAt, retentionDays } = ended;
  const { sessionId, openedAt, lastInboundAt } = session;
  const expiresAt = expiresAfterDays(endedAt, retentionDays);
  const item = { sessionId, openedAt, lastInboundAt, endedAt, reason, expiresAt };
  return putAbsent(table, { ...historyKey(channel, customer, openedAt), ...item });
};

/** Keeps the history of a session that DynamoDB deletes. */
export const createHistoryStore = (table: Table) => ({
  /**
   * Records an ended session in one idempotent transaction: its last message on the customer, the rest in the history. A
   * session that is recorded after a later one is added to the history alone.
   */
  recordHistory: async (ended: EndedSession): Promise<void> => {
    const recorded = await transact(table, [raiseLastInbound(table, ended), putHistory(table, ended)]);
    if (recorded.ok || recorded.failed.has(1)) return;
    await transact(table, [checkCustomer(table, ended), putHistory(table, ended)]);
  },
});
