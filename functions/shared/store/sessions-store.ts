import type { Table } from './client.ts';
import { createFactsStore } from './facts-store.ts';
import { createInboundStore } from './inbound-store.ts';
import { createSendStore } from './send-store.ts';
import { createStatusStore } from './status-store.ts';
import { createThreadStore } from './thread-store.ts';

/** Everything the Lambdas do with the sessions table. */
export const createSessionsStore = (table: Table) => ({
  ...createInboundStore(table),
  ...createStatusStore(table),
  ...createFactsStore(table),
  ...createSendStore(table),
  ...createThreadStore(table),
});

export type SessionsStore = ReturnType<typeof createSessionsStore>;
