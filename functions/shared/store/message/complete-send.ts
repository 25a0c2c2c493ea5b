import { releaseOperation, type SlotHolder } from '../customer/reengagement-slot.ts';
import type { Table } from '../dynamo/client.ts';
import { readItem } from '../dynamo/read-items.ts';
import { transact } from '../dynamo/transaction.ts';
import { OutboundItem } from '../items.ts';
import type { ClaimedSend } from './claim-send.ts';
import type { FoundMessage } from './read-thread.ts';
import { type StatusUpdate, statusUpdate, updateStatus } from './update-status.ts';

/** Records a failure and releases the slot, both or neither: a crash never leaves a failed message with the slot (R8). */
const failAndRelease = async (table: Table, holder: SlotHolder, update: StatusUpdate): Promise<void> => {
  const { key } = holder;
  const failed = await transact(table, [
    { Update: { TableName: table.tableName, Key: { ...key }, ...statusUpdate(key, update) } },
    releaseOperation(table, holder),
  ]);
  // Without a customer record there is no slot to release.
  if (!failed.ok && !failed.failed.has(0)) await updateStatus(table, key, update);
};

/** Reads a message that may have been deleted since it was found. */
const readMessage = async (table: Table, { key }: FoundMessage): Promise<OutboundItem | undefined> =>
  OutboundItem.optional().parse(await readItem(table, key));

/** Completes claimed sends: with the provider's answer, with an operator's decision, or as in doubt. */
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
   * Records an operator's decision on a send in doubt (R12); one that was not sent releases the slot. Idempotent;
   * `undefined` when the message is no longer stored.
   */
  resolveSend: async (found: FoundMessage, to: 'sent' | 'failed', now: Date): Promise<OutboundItem | undefined> => {
    const { key, channel, customer, message } = found;
    const error =
      to === 'failed' ? { code: 'operator', title: 'A person found that it was not sent', class: 'never' } : undefined;
    const { claimedBy, decision, id: messageId } = message;
    const update = { to, atMs: now.getTime(), by: 'operator', error, claimedBy } as const;
    if (to === 'failed' && decision.usesReengagement)
      await failAndRelease(table, { key, channel, customer, messageId }, update);
    else await updateStatus(table, key, update);
    return readMessage(table, found);
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
