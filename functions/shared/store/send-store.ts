import { createBeginSendStore } from './begin-send.ts';
import type { Table } from './client.ts';
import { createConsentStore } from './consent-store.ts';
import { createSendFactsStore } from './send-facts.ts';
import { createSettleSendStore } from './settle-send.ts';
import { createStatusStore } from './status-store.ts';
import { createThreadStore } from './thread-store.ts';

/** What a send does with the sessions table. */
export const createSendStore = (table: Table) => ({
  ...createSendFactsStore(table),
  ...createBeginSendStore(table),
  ...createSettleSendStore(table),
  ...createStatusStore(table),
  ...createConsentStore(table),
  ...createThreadStore(table),
});

export type SendStore = ReturnType<typeof createSendStore>;
