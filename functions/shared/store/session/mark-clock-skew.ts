import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { CustomerKey } from '../../domain/customer.ts';
import type { Table } from '../dynamo/client.ts';
import { writeConditionally } from '../dynamo/conditional-write.ts';
import { customerKey, sessionKey } from '../keys.ts';

export interface ClockSkewMark {
  readonly channel: string;
  readonly customer: CustomerKey;
  /** Epoch seconds up to which a message may be the redelivery of one that was counted earlier than it says. */
  readonly until: number;
}

/** The condition under which a message of second `:at` cannot be such a redelivery. */
export const AFTER_SKEW = '(attribute_not_exists(skewedUntil) OR skewedUntil < :at)';

/**
 * Leaves word on customer and session that messages up to `until` are stored before they are counted (R3): the message
 * record remembers when a message from the future first arrived, so that its redelivery, which looks ordinary once that
 * time has come, cannot extend the window. Harmless to repeat.
 */
export const markClockSkew = async (
  { documents, tableName }: Table,
  { channel, customer, until }: ClockSkewMark,
): Promise<void> => {
  const raises = '(attribute_not_exists(skewedUntil) OR skewedUntil < :until)';
  const marks = [
    { Key: customerKey(channel, customer), ConditionExpression: raises },
    { Key: sessionKey(channel, customer), ConditionExpression: `attribute_exists(sessionId) AND ${raises}` },
  ];
  for (const { Key, ConditionExpression } of marks) {
    const update = new UpdateCommand({
      TableName: tableName,
      Key: Key,
      UpdateExpression: 'SET skewedUntil = :until',
      ConditionExpression,
      ExpressionAttributeValues: { ':until': until },
    });
    await writeConditionally(() => documents.send(update));
  }
};
