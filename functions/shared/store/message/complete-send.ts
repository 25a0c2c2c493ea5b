import type { Table } from '../dynamo/client.ts';
import { OutboundItem } from '../items.ts';
import type { ClaimedSend } from './claim-send.ts';
import { failAndRelease } from './fail-and-release.ts';
import type { FoundMessage } from './find-message.ts';
import { type StatusUpdate, updateStatus } from './update-status.ts';

/** Completes claimed sends: with the provider's answer, or as in doubt. */
export const createCompleteStore = (table: Table) => ({
  /**
   * Marks a record in doubt whose lease ended without an outcome: it is unknown whether it was sent (R11); `undefined`
   * when it is no longer stored.
   */
  markInDoubt: async ({ key, message }: FoundMessage, now: Date): Promise<OutboundItem | undefined> => {
    const { claimedBy } = message;
    const updated = await updateStatus(table, key, { to: 'in_doubt', atMs: now.getTime(), by: 'service', claimedBy });
    return OutboundItem.optional().parse(updated.item);
  },

  /** Records the outcome, unless the provider has reported a later status (R13); a failed send releases the slot. */
  completeSend: async (claimed: ClaimedSend, update: StatusUpdate): Promise<void> => {
    const { key, channel, customer, id: messageId, claimedBy } = claimed;
    const fenced = { ...update, claimedBy };
    if (update.to === 'failed' && claimed.usesReengagement)
      return failAndRelease(table, { key, channel, customer, messageId }, fenced);
    await updateStatus(table, key, fenced);
  },
});
