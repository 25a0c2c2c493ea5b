import type { CustomerKey } from '../../domain/customer.ts';
import type { Table } from '../dynamo/client.ts';
import { readItem } from '../dynamo/read-items.ts';
import { OutboundItem, SendItem } from '../items.ts';
import { type ItemKey, messageNameOf, sendKey } from '../keys.ts';
import { isMessageId } from './message-reference.ts';

/** An outbound message and its thread. */
export interface FoundMessage {
  readonly key: ItemKey;
  readonly channel: string;
  readonly customer: CustomerKey;
  readonly message: OutboundItem;
}

/** Finds outbound messages. */
export const createFindMessageStore = (table: Table) => ({
  /** Finds an outbound message by its id; strongly consistent, so that a message that was just sent is found. */
  findMessage: async (id: string): Promise<FoundMessage | undefined> => {
    if (!isMessageId(id)) return undefined;
    const claim = SendItem.optional().parse(await readItem(table, sendKey(id)));
    if (claim === undefined || 'erased' in claim) return undefined;
    const key = { pk: claim.messagePk, sk: claim.messageSk };
    const message = OutboundItem.optional().parse(await readItem(table, key));
    if (message === undefined) return undefined;
    const { channel, customer } = messageNameOf(key);
    return { key, channel, customer, message };
  },
});
