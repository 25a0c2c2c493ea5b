/**
 * The one table: keys, TTL and index, shared by CDK, the local table and the store.
 * The item TTL marks the window: a SESSION item's `expiresAt` is the window's end.
 */
export const SESSIONS_TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Epoch seconds; deletion is garbage collection only, every decision compares `expiresAt` with the clock (R1). */
  timeToLiveAttribute: 'expiresAt',
  /** Sparse, keys only: open sessions and sends without an outcome, by the second from which they may need work. */
  byDueAt: { indexName: 'byDueAt', partitionKey: 'dueShard', sortKey: 'dueAt' },
} as const;
