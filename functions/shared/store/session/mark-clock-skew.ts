import type { CustomerKey } from '../../domain/customer.ts';
import { epochSeconds } from '../../domain/window.ts';
import { followMerge, type Merged, mergedIn } from '../customer/follow-merge.ts';
import { KNOWN_SINCE } from '../customer/known-since.ts';
import type { Table } from '../dynamo/client.ts';
import { updateConditionally } from '../dynamo/conditional-write.ts';
import { RETURN_OLD_ITEM } from '../dynamo/conditions.ts';
import { type SessionItem, SessionRow } from '../items.ts';
import { customerKey, sessionKey } from '../keys.ts';

export interface ClockSkewMark {
  readonly channel: string;
  readonly customer: CustomerKey;
  /** Epoch seconds up to which a message may be the redelivery of one that counts earlier than its timestamp. */
  readonly until: number;
  readonly now: Date;
}

const markedBefore = (second: string): string => `(attribute_not_exists(skewedUntil) OR skewedUntil < ${second})`;

/** Holds while a message of second `:at` cannot be such a redelivery. */
export const AFTER_SKEW = markedBefore(':at');

/** Whether an item's mark covers that second: a message of it may be such a redelivery. */
export const isMarkedAt = (item: { readonly skewedUntil?: number | undefined }, at: number): boolean =>
  (item.skewedUntil ?? -1) >= at;

const markAt = async (
  table: Table,
  { channel, customer, until, now }: ClockSkewMark,
): Promise<{ readonly session: SessionItem | undefined } | Merged> => {
  const raises = markedBefore(':until');
  const mark = { UpdateExpression: 'SET skewedUntil = :until', ExpressionAttributeValues: { ':until': until } };
  const known = await updateConditionally(table, customerKey(channel, customer), {
    UpdateExpression: `${mark.UpdateExpression}, ${KNOWN_SINCE}`,
    ExpressionAttributeValues: { ...mark.ExpressionAttributeValues, ':knownSince': epochSeconds(now) },
    ConditionExpression: `attribute_not_exists(movedTo) AND ${raises}`,
    ...RETURN_OLD_ITEM,
  });
  const merged = known.ok ? undefined : mergedIn(known.item);
  if (merged !== undefined) return merged;
  const marked = await updateConditionally(table, sessionKey(channel, customer), {
    ...mark,
    ConditionExpression: `attribute_exists(sessionId) AND ${raises}`,
    ReturnValues: 'ALL_NEW',
    ...RETURN_OLD_ITEM,
  });
  const { data: row } = SessionRow.safeParse(marked.ok ? marked.output.Attributes : marked.item);
  return { session: row === undefined || 'movedTo' in row ? undefined : row };
};

/**
 * Marks customer and session, so that messages up to `until` are stored before they are counted (R3): the message record
 * keeps when a message from the future first arrived, and its redelivery, which looks ordinary once that time has come,
 * cannot extend the window. Idempotent. Returns the session as it is stored, if there is one.
 */
export const markClockSkew = async (table: Table, mark: ClockSkewMark): Promise<SessionItem | undefined> => {
  const { session } = await followMerge(mark.customer, (customer) => markAt(table, { ...mark, customer }));
  return session;
};
