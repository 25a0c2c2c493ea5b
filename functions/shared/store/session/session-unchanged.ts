import type { SessionItem } from '../items.ts';

const NO_SESSION = {
  ConditionExpression: 'attribute_not_exists(sessionId) AND attribute_not_exists(movedTo)',
} as const;

/** Holds while the stored session is what was read, or while none is stored when none was. */
export const sessionUnchanged = (session: SessionItem | undefined) => {
  if (session === undefined) return NO_SESSION;
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
