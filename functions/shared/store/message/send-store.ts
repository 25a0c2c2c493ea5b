import { createConsentHistoryStore } from '../customer/read-consent.ts';
import { createConsentStore } from '../customer/record-consent.ts';
import type { Table } from '../dynamo/client.ts';
import { createClaimStore } from './claim-send.ts';
import { createCompleteStore } from './complete-send.ts';
import { createSendStateStore } from './load-send-state.ts';
import { createThreadStore } from './read-thread.ts';
import { createStatusStore } from './record-status.ts';

/** What a send does with the sessions table. */
export const createSendStore = (table: Table) => ({
  ...createSendStateStore(table),
  ...createClaimStore(table),
  ...createCompleteStore(table),
  ...createStatusStore(table),
  ...createConsentStore(table),
  ...createConsentHistoryStore(table),
  ...createThreadStore(table),
});

export type SendStore = ReturnType<typeof createSendStore>;
