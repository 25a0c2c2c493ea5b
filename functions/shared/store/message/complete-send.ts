import { releaseSlot } from '../customer/reengagement-slot.ts';
import type { Table } from '../dynamo/client.ts';
import { OutboundItem } from '../items.ts';
import type { ItemKey } from '../keys.ts';
import type { ClaimedSend } from './claim-send.ts';
import { type StatusUpdate, updateStatus } from './update-status.ts';

/** Completes claimed sends: with the provider's answer, or as in doubt. */
export const createCompleteStore = (table: Table) => ({
  /** Marks a record in doubt whose lease ended without an outcome: it is unknown whether it was sent (R11). */
  markInDoubt: async (key: ItemKey, now: Date): Promise<OutboundItem> => {
    const updated = await updateStatus(table, key, { to: 'in_doubt', atMs: now.getTime(), by: 'service' });
    return OutboundItem.parse(updated.ok ? updated.output.Attributes : updated.item);
  },

  /** Records the outcome, unless the provider has reported a later status (R13); a failed send releases the slot. */
  completeSend: async (claimed: ClaimedSend, update: StatusUpdate): Promise<void> => {
    const { channel, customer, id } = claimed;
    if (update.to === 'failed' && claimed.usesReengagement)
      await releaseSlot(table, { channel, customer, messageId: id });
    await updateStatus(table, claimed.key, update);
  },
});
