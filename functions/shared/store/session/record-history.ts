import type { CustomerKey } from '../../domain/customer.ts';
import type { Table } from '../dynamo/client.ts';
import { itemExists, transact } from '../dynamo/transaction.ts';
import type { SessionItem } from '../items.ts';
import { customerKey, pastKey } from '../keys.ts';

export interface EndedSession {
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly session: SessionItem;
  readonly reason: 'expired' | 'provider';
  /** Epoch seconds. */
  readonly endedAt: number;
  readonly retentionDays: number;
}

/** What the window shows of the past: a maximum. Who has been erased is brought back by nothing (R16). */
const raiseLastInbound = ({ tableName }: Table, { channel, customer, session }: EndedSession) => ({
  Update: {
    TableName: tableName,
    Key: { ...customerKey(channel, customer) },
    UpdateExpression: 'SET lastInboundAt = :at',
    ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(lastInboundAt) OR lastInboundAt < :at)',
    ExpressionAttributeValues: { ':at': session.lastInboundAt },
  },
});

const putPast = ({ tableName }: Table, ended: EndedSession) => {
  const { channel, customer, session, reason, endedAt, retentionDays } = ended;
  const { sessionId, openedAt, lastInboundAt } = session;
  const expiresAt = endedAt + retentionDays * 86_400;
  return {
    Put: {
      TableName: tableName,
      Item: { ...pastKey(channel, customer, openedAt), sessionId, openedAt, lastInboundAt, endedAt, reason, expiresAt },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
};

/** Keeps what is left of a session when DynamoDB deletes it. */
export const createHistoryStore = (table: Table) => ({
  /**
   * One transaction, harmless to repeat: what the window shows goes to the customer, the rest to the past. A session that
   * is told of after a later one is kept in the past alone.
   */
  recordHistory: async (ended: EndedSession): Promise<void> => {
    const kept = await transact(table, [raiseLastInbound(table, ended), putPast(table, ended)]);
    if (kept.ok || kept.failed.has(1)) return;
    await transact(table, [itemExists(table, customerKey(ended.channel, ended.customer)), putPast(table, ended)]);
  },
});
