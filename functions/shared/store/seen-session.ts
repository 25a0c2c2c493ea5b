import type { SessionItem } from './items.ts';

/** The condition that the session is still the one that was seen, and that the customer has not written since. */
export const SESSION_UNCHANGED = 'sessionId = :seenId AND lastInboundAt = :seenAt';

export const seenValues = ({ sessionId, lastInboundAt }: SessionItem) => ({
  ':seenId': sessionId,
  ':seenAt': lastInboundAt,
});

/** The condition that what stands in the place of the session is what was seen there, be it nothing. */
export const sessionIs = (seen: SessionItem | undefined) =>
  seen === undefined
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : { ConditionExpression: SESSION_UNCHANGED, ExpressionAttributeValues: seenValues(seen) };
