import type { CoreRuntime } from '../shared/runtime/core-runtime.ts';
import { createCanonicalStore } from '../shared/store/customer/canonical-name.ts';
import { createOwnerStore } from '../shared/store/customer/owner.ts';
import { createConsentStore } from '../shared/store/customer/record-consent.ts';
import type { Table } from '../shared/store/dynamo/client.ts';
import { createClaimStore } from '../shared/store/message/claim-send.ts';
import { createCompleteStore } from '../shared/store/message/complete-send.ts';
import { createFindInThreadStore } from '../shared/store/message/find-in-thread.ts';
import { createFindMessageStore } from '../shared/store/message/find-message.ts';
import { createSendStateStore } from '../shared/store/message/load-send-state.ts';
import { createProviderClosedStore } from '../shared/store/session/record-provider-closed.ts';

/** The store verbs that this Lambda uses. */
export const createStore = (table: Table) => ({
  ...createSendStateStore(table),
  ...createFindInThreadStore(table),
  ...createFindMessageStore(table),
  ...createClaimStore(table),
  ...createCompleteStore(table),
  ...createProviderClosedStore(table),
  ...createConsentStore(table),
  ...createOwnerStore(table),
  ...createCanonicalStore(table),
});

export type StoreRuntime = CoreRuntime<ReturnType<typeof createStore>>;
