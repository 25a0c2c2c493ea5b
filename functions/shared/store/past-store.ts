import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { CustomerKey } from '../domain/customer.ts';
import type { Table } from './client.ts';
import { attempt, SHOW_OLD } from './conditional.ts';
import type { SessionItem } from './items.ts';
import { customerKey, pastKey } from './keys.ts';

export interface EndedSession {
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly session: SessionItem;
  readonly reason: 'expired' | 'provider';
  /** Epoch seconds. */
  readonly endedAt: number;
  readonly retentionDays: number;
}

/** Raises the customer's `lastInboundAt`; false when the customer has been erased, whom nothing brings back (R16). */
const raiseLastInbound = async (
  { documents, tableName }: Table,
  { channel, customer, session }: EndedSession,
): Promise<boolean> => {
  const raised = await attempt(() =>
    documents.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { ...customerKey(channel, customer) },
        UpdateExpression: 'SET lastInboundAt = :at',
        ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(lastInboundAt) OR lastInboundAt < :at)',
        ExpressionAttributeValues: { ':at': session.lastInboundAt },
        ...SHOW_OLD,
      }),
    ),
  );
  return raised.ok || raised.item !== undefined;
};

/** Keeps what is left of a session when DynamoDB deletes it. */
export const createPastStore = (table: Table) => ({
  /** Two conditional writes, harmless to repeat: what the window shows goes to the customer, the rest to the past. */
  keepPast: async (ended: EndedSession): Promise<void> => {
    if (!(await raiseLastInbound(table, ended))) return;
    const { channel, customer, session, reason, endedAt, retentionDays } = ended;
    const { sessionId, openedAt, lastInboundAt } = session;
    await attempt(() =>
      table.documents.send(
        new PutCommand({
          TableName: table.tableName,
          Item: {
            ...pastKey(channel, customer, openedAt),
            sessionId,
            openedAt,
            lastInboundAt,
            endedAt,
            reason,
            expiresAt: endedAt + retentionDays * 86_400,
          },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    );
  },
});
