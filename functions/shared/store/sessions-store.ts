import type { Table } from './client.ts';
import { createClosingStore } from './closing-store.ts';
import { createDueStore } from './due-store.ts';
import { createEraseStore } from './erase-store.ts';
import { createFactsStore } from './facts-store.ts';
import { createInboundStore } from './inbound-store.ts';
import { createMemberStore } from './member-store.ts';
import { createPastStore } from './past-store.ts';
import { createPhaseStore } from './phase-store.ts';
import { createSendStore } from './send-store.ts';
import { createTallyStore } from './tally-store.ts';
import { createTemplateStore } from './template-store.ts';
import { createUsageStore } from './usage-store.ts';

/** Everything the Lambdas do with the sessions table. */
export const createSessionsStore = (table: Table) => ({
  ...createSendStore(table),
  ...createInboundStore(table),
  ...createFactsStore(table),
  ...createTemplateStore(table),
  ...createDueStore(table),
  ...createPhaseStore(table),
  ...createPastStore(table),
  ...createEraseStore(table),
  ...createClosingStore(table),
  ...createMemberStore(table),
  ...createTallyStore(table),
  ...createUsageStore(table),
});

export type SessionsStore = ReturnType<typeof createSessionsStore>;
