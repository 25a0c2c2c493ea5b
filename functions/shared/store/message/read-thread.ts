import type { Table } from '../dynamo/client.ts';
import { readThread, type ThreadPage, type ThreadQuery } from './thread-page.ts';

/** Reads threads. */
export const createThreadStore = (table: Table) => ({
  /**
   * Reads one page of a customer's thread, newest first; messages of one millisecond (Meta's times are whole seconds) in
   * the order of their arrival. Eventually consistent, because nothing is decided on it.
   */
  readThread: (query: ThreadQuery): Promise<ThreadPage> => readThread(table, query),
});
