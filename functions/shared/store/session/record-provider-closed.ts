import type { CustomerKey } from '../../domain/customer.ts';
import { epochSeconds } from '../../domain/window.ts';
import { followMerge, type Merged, mergedIn } from '../customer/follow-merge.ts';
import { REMOVE_DUE } from '../due/due-entry.ts';
import type { Table } from '../dynamo/client.ts';
import { updateConditionally } from '../dynamo/conditional-write.ts';
import { RETURN_OLD_ITEM } from '../dynamo/conditions.ts';
import { sessionKey } from '../keys.ts';

/** A send that the provider refused because the window is closed. */
export interface ProviderClosed {
  readonly channel: string;
  readonly customer: CustomerKey;
  /** The `lastInboundAt` that the refused send was decided on. */
  readonly decidedOn: number;
  /** Epoch milliseconds of the refusal. */
  readonly atMs: number;
}

/**
 * Records that the provider considers the window closed until the customer's next message; false when the customer has
 * written since (R10), under whichever name they were known then. The session leaves the due index; the customer's next session enters it.
 */
export const recordProviderClosed = async (
  table: Table,
  { channel, customer, decidedOn, atMs }: ProviderClosed,
): Promise<boolean> => {
  const { isClosed } = await followMerge(customer, async (name): Promise<{ isClosed: boolean } | Merged> => {
    const closed = await updateConditionally(table, sessionKey(channel, name), {
      UpdateExpression: `SET providerClosedFor = lastInboundAt, phase = :closed, closedAt = if_not_exists(closedAt, :at) ${REMOVE_DUE}`,
      ConditionExpression: 'lastInboundAt = :decidedOn',
      ExpressionAttributeValues: { ':decidedOn': decidedOn, ':closed': 'closed', ':at': epochSeconds(new Date(atMs)) },
      ...RETURN_OLD_ITEM,
    });
    return closed.ok ? { isClosed: true } : (mergedIn(closed.item) ?? { isClosed: false });
  });
  return isClosed;
};

export const createProviderClosedStore = (table: Table) => ({
  recordProviderClosed: (closed: ProviderClosed): Promise<boolean> => recordProviderClosed(table, closed),
});
