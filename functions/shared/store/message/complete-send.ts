import { releaseSlot } from '../customer/reengagement-slot.ts';
import type { Table } from '../dynamo/client.ts';
import { OutboundItem } from '../items.ts';
import type { ItemKey } from '../keys.ts';
import type { ClaimedSend } from './claim-send.ts';
import { putPointer, removePointer } from './message-pointer.ts';
import type { FoundMessage } from './read-thread.ts';
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
    const updated = await updateStatus(table, key, update);
    if (message !== undefined && !updated.ok && updated.item === undefined) await removePointer(table, message);
  }
};

/** Completes claimed sends: with the provider's answer, with an operator's decision, or as in doubt. */
export const createCompleteStore = (table: Table) => ({
  /** Marks a record in doubt whose lease ended without an outcome: it is unknown whether it was sent (R11). */
  markInDoubt: async (key: ItemKey, now: Date): Promise<OutboundItem> => {
    const updated = await updateStatus(table, key, { to: 'in_doubt', atMs: now.getTime(), by: 'service' });
    return OutboundItem.parse(updated.ok ? updated.output.Attributes : updated.item);
  },

  /** Records an operator's decision on a send in doubt (R12); one that was not sent releases the slot. Idempotent. */
  resolveSend: async (found: FoundMessage, to: 'sent' | 'failed', now: Date): Promise<OutboundItem> => {
    const { key, channel, customer } = found;
    const error =
      to === 'failed' ? { code: 'operator', title: 'A person found that it was not sent', class: 'never' } : undefined;
    const updated = await updateStatus(table, key, { to, atMs: now.getTime(), by: 'operator', error });
    const message = OutboundItem.parse(updated.ok ? updated.output.Attributes : updated.item);
    if (message.status === 'failed' && message.decision.usesReengagement)
      await releaseSlot(table, { channel, customer, messageId: message.id });
    return message;
  },

  /**
   * Records the outcome, unless the provider has reported a later status (R13); a failed send releases the slot. With
   * `pointsFromProvider` one more write leads from the provider's id to the message.
   */
  completeSend: async (claimed: ClaimedSend, update: CompletedSend): Promise<void> => {
    const { channel, customer, id } = claimed;
    if (update.to === 'failed' && claimed.usesReengagement)
      await releaseSlot(table, { channel, customer, messageId: id });
    await (update.pointsFromProvider === true
      ? completeWithPointer(table, claimed, update)
      : updateStatus(table, claimed.key, update));
  },
});
