import { createBeginSendStore } from './begin-send.ts';
import type { Table } from './client.ts';
import { createConsentStore } from './consent-store.ts';
import { createDueStore } from './due-store.ts';
import { createEraseStore } from './erase-store.ts';
import { createFactsStore } from './facts-store.ts';
import { createInboundStore } from './inbound-store.ts';
import { createPastStore } from './past-store.ts';
import { createPhaseStore } from './phase-store.ts';
import { createSendFactsStore } from './send-facts.ts';
import { createSettleSendStore } from './settle-send.ts';
import { createStatusStore } from './status-store.ts';
import { createTemplateStore } from './template-store.ts';
import { createThreadStore } from './thread-store.ts';

/** Everything the Lambdas do with the sessions table. */
export const createSessionsStore = (table: Table) => ({
  ...createInboundStore(table),
  ...createStatusStore(table),
  ...createFactsStore(table),
  ...createConsentStore(table),
  ...createSendFactsStore(table),
  ...createBeginSendStore(table),
  ...createSettleSendStore(table),
  ...createTemplateStore(table),
  ...createThreadStore(table),
  ...createDueStore(table),
  ...createPhaseStore(table),
  ...createPastStore(table),
  ...createEraseStore(table),
});

export type SessionsStore = ReturnType<typeof createSessionsStore>;
