import type { SessionItem } from '../items.ts';

/** The condition that what stands in the place of the session is what was seen there, be it nothing. */
export const sessionUnchanged = (seen: SessionItem | undefined) => {
  if (seen === undefined) return { ConditionExpression: 'attribute_not_exists(pk)' };
  const { sessionId, lastInboundAt, slotUsedAt } = seen;
  const same = 'sessionId = :seenId AND lastInboundAt = :seenAt';
  const values = { ':seenId': sessionId, ':seenAt': lastInboundAt };
  return slotUsedAt === undefined
    ? { ConditionExpression: `${same} AND attribute_not_exists(slotUsedAt)`, ExpressionAttributeValues: values }
    : {
        ConditionExpression: `${same} AND slotUsedAt = :seenSlot`,
        ExpressionAttributeValues: { ...values, ':seenSlot': slotUsedAt },
      };
};
