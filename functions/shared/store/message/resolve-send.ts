import { releaseSlot } from '../customer/reengagement-slot.ts';
import type { Table } from '../dynamo/client.ts';
import { OutboundItem } from '../items.ts';
import type { FoundMessage } from './find-message.ts';
import { updateStatus } from './update-status.ts';

/** Settles sends in doubt by hand. */
export const createResolveStore = (table: Table) => ({
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
});
