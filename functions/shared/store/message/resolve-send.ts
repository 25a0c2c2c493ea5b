import type { Table } from '../dynamo/client.ts';
import { readItem } from '../dynamo/read-items.ts';
import { OutboundItem } from '../items.ts';
import { failAndRelease } from './fail-and-release.ts';
import type { FoundMessage } from './find-message.ts';
import { updateStatus } from './update-status.ts';

/** Settles sends in doubt by hand. */
export const createResolveStore = (table: Table) => ({
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
    return OutboundItem.optional().parse(await readItem(table, key));
  },
});
