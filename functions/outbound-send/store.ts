import type { CoreRuntime } from '../shared/runtime/core-runtime.ts';
import { createConsentStore } from '../shared/store/customer/record-consent.ts';
import type { Table } from '../shared/store/dynamo/client.ts';
import { createClaimStore } from '../shared/store/message/claim-send.ts';
import { createCompleteStore } from '../shared/store/message/complete-send.ts';
import { createSendStateStore } from '../shared/store/message/load-send-state.ts';
import { createThreadStore } from '../shared/store/message/read-thread.ts';
import { createStatusStore } from '../shared/store/message/record-status.ts';

/** The store verbs that this Lambda uses. */
export const createStore = (table: Table) => ({
  ...createSendStateStore(table),
  ...createThreadStore(table),
  ...createClaimStore(table),
  ...createCompleteStore(table),
  ...createStatusStore(table),
  ...createConsentStore(table),
});

export type StoreRuntime = CoreRuntime<ReturnType<typeof createStore>>;
