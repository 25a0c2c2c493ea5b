import type { Table } from '../dynamo/client.ts';
import { OutboundItem } from '../items.ts';
import type { ClaimedSend } from './claim-send.ts';
import { failAndRelease } from './fail-and-release.ts';
import type { FoundMessage } from './find-message.ts';
import { putPointer, removePointer } from './message-pointer.ts';
import { type StatusUpdate, updateStatus } from './update-status.ts';

export interface CompletedSend extends StatusUpdate {
  /** True where the provider's statuses may come without our reference. */
  readonly pointsFromProvider?: boolean | undefined;
}

/**
 * The pointer is written before the record names the provider's id, so that an erasure that removes the record removes
 * the pointer too; where the record is gone already, the pointer goes with it (R16).
 */
const completeWithPointer = async (table: Table, claimed: ClaimedSend, update: StatusUpdate): Promise<void> => {
  const { channel, id, key, expiresAt } = claimed;
  const { providerMessageId } = update;
  const message = providerMessageId === undefined ? undefined : { channel, providerMessageId };
  try {
    if (message !== undefined) await putPointer(table, message, { messageId: id, expiresAt });
  } finally {
    const updated = await updateStatus(table, key, { ...update, pointedFrom: providerMessageId });
    if (message !== undefined && !updated.ok && updated.item === undefined) await removePointer(table, message);
  }
};

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

  /**
   * Records the outcome, unless the provider has reported a later status (R13); a failed send releases the slot. With
   * `pointsFromProvider` one more write leads from the provider's id to the message.
   */
  completeSend: async (
    claimed: ClaimedSend,
    { pointsFromProvider = false, ...update }: CompletedSend,
  ): Promise<void> => {
    const { key, channel, customer, id: messageId, claimedBy } = claimed;
    const fenced = { ...update, claimedBy };
    if (update.to === 'failed' && claimed.usesReengagement)
      return failAndRelease(table, { key, channel, customer, messageId }, fenced);
    await (pointsFromProvider ? completeWithPointer(table, claimed, fenced) : updateStatus(table, key, fenced));
  },
});
