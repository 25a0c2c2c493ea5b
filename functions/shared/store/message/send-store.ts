import { createConsentStore } from '../customer/record-consent.ts';
import type { Table } from '../dynamo/client.ts';
import { createBeginSendStore } from './claim-send.ts';
import { createSettleSendStore } from './complete-send.ts';
import { createSendFactsStore } from './load-send-state.ts';
import { createThreadStore } from './read-thread.ts';
import { createStatusStore } from './record-status.ts';

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
