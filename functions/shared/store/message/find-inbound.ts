import type { CustomerKey } from '../../domain/customer.ts';
import type { Table } from '../dynamo/client.ts';
import type { MessageItem } from '../items.ts';
import { readThread } from './thread-page.ts';

export type InboundItem = Extract<MessageItem, { readonly direction: 'inbound' }>;

export interface InboundName {
  readonly channel: string;
  readonly customer: CustomerKey;
  /** The provider's id. */
  readonly id: string;
}

const PAGE_SIZE = 100;

/** Finds messages of customers. */
export const createFindInboundStore = (table: Table) => ({
  /** Finds a message in the thread of its customer, the newest first: the one that is read now is seldom an old one. */
  findInbound: async ({ channel, customer, id }: InboundName): Promise<InboundItem | undefined> => {
    let after: string | undefined;
    do {
      const page = await readThread(table, { channel, customer, limit: PAGE_SIZE, after });
      const found = page.messages.find((message) => message.direction === 'inbound' && message.id === id);
      if (found?.direction === 'inbound') return found;
      after = page.next;
    } while (after !== undefined);
    return undefined;
  },
});
