import type { NamedCustomer } from '../../domain/name-view.ts';
import type { Table } from '../dynamo/client.ts';
import type { MessageItem } from '../items.ts';
import { readThread, type StoredThread, type ThreadQuery } from './thread-page.ts';

export interface ThreadPage extends NamedCustomer {
  readonly messages: readonly MessageItem[];
  readonly next: string | undefined;
}

/** Reads threads. */
export const createThreadStore = (table: Table) => ({
  /**
   * Reads one page of a customer's thread, newest first; messages of one millisecond (Meta's times are whole seconds) in
   * the order of their arrival. Eventually consistent, because nothing is decided on it.
   */
  readThread: async (query: ThreadQuery): Promise<ThreadPage> => {
    const { stored, ...page } = await readThread(table, query);
    return { ...page, messages: stored.map(({ message }) => message) };
  },

  /** Reads the same page, each message with the name under which it is stored. */
  readStoredThread: (query: ThreadQuery): Promise<StoredThread> => readThread(table, query),
});
