import { ITEM_ABSENT } from '../dynamo/conditions.ts';
import type { SessionItem } from '../items.ts';

/** Holds while the stored session is what was read, or while none is stored when none was. */
export const sessionUnchanged = (session: SessionItem | undefined) => {
  if (session === undefined) return ITEM_ABSENT;
  const { sessionId, lastInboundAt, slotUsedAt } = session;
  const same = 'sessionId = :sameId AND lastInboundAt = :sameInboundAt';
  const values = { ':sameId': sessionId, ':sameInboundAt': lastInboundAt };
  return slotUsedAt === undefined
    ? { ConditionExpression: `${same} AND attribute_not_exists(slotUsedAt)`, ExpressionAttributeValues: values }
    : {
        ConditionExpression: `${same} AND slotUsedAt = :sameSlot`,
        ExpressionAttributeValues: { ...values, ':sameSlot': slotUsedAt },
      };
};
