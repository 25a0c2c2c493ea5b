import { releaseSlot } from '../customer/reengagement-slot.ts';
import type { Table } from '../dynamo/client.ts';
import { OutboundItem } from '../items.ts';
import type { ItemKey } from '../keys.ts';
import type { ClaimedSend } from './claim-send.ts';
import type { FoundMessage } from './read-thread.ts';
import { type StatusUpdate, updateStatus } from './update-status.ts';

/** Ends what was begun: by the provider's answer, by a person's word, or in doubt. */
export const createCompleteStore = (table: Table) => ({
  /** A record whose lease ran out without an outcome: nobody knows whether it was sent (R11). */
  markInDoubt: async (key: ItemKey, now: Date): Promise<OutboundItem> => {
    const moved = await updateStatus(table, key, { to: 'in_doubt', atMs: now.getTime(), by: 'service' });
    return OutboundItem.parse(moved.ok ? moved.output.Attributes : moved.item);
  },

  /** Takes a person's word on a send in doubt (R12); not sent gives the slot back. Harmless to repeat. */
  resolveSend: async (found: FoundMessage, to: 'sent' | 'failed', now: Date): Promise<OutboundItem> => {
    const { key, channel, customer } = found;
    const error =
      to === 'failed' ? { code: 'operator', title: 'A person found that it was not sent', class: 'never' } : undefined;
    const moved = await updateStatus(table, key, { to, atMs: now.getTime(), by: 'operator', error });
    const message = OutboundItem.parse(moved.ok ? moved.output.Attributes : moved.item);
    if (message.status === 'failed' && message.decision.usesReengagement)
      await releaseSlot(table, { channel, customer, messageId: message.id });
    return message;
  },

  /** Writes the outcome; a status that came first from the provider stays (R13). What failed gives the slot back. */
  completeSend: async (begun: ClaimedSend, move: StatusUpdate): Promise<void> => {
    const { channel, customer, id } = begun;
    if (move.to === 'failed' && begun.usesReengagement) await releaseSlot(table, { channel, customer, messageId: id });
    await updateStatus(table, begun.key, move);
  },
});
