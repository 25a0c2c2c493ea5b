import type { CoreRuntime } from '../shared/runtime/core-runtime.ts';
import { createMemberStore } from '../shared/store/customer/count-active-customers.ts';
import { createErasedSessionStore } from '../shared/store/customer/erased-session.ts';
import { createLinkStore } from '../shared/store/customer/link-names.ts';
import type { Table } from '../shared/store/dynamo/client.ts';
import { createHistoryStore } from '../shared/store/session/record-history.ts';
import { createMessageCountStore } from '../shared/store/usage/count-messages.ts';
import { createUsageStore } from '../shared/store/usage/read-usage.ts';

/** The store verbs that this Lambda uses. */
export const createStore = (table: Table) => ({
  ...createErasedSessionStore(table),
  ...createHistoryStore(table),
  ...createLinkStore(table),
  ...createMemberStore(table),
  ...createMessageCountStore(table),
  ...createUsageStore(table),
});

export type StoreRuntime = CoreRuntime<ReturnType<typeof createStore>>;
