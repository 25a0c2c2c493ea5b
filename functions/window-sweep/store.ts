import type { CoreRuntime } from '../shared/runtime/core-runtime.ts';
import { createDueStore } from '../shared/store/due/find-due.ts';
import type { Table } from '../shared/store/dynamo/client.ts';
import { createDueSendStore } from '../shared/store/message/settle-due.ts';
import { createBeatStore } from '../shared/store/service-beat.ts';
import { createPhaseStore } from '../shared/store/session/set-phases.ts';

/** The store verbs that this Lambda uses. */
export const createStore = (table: Table) => ({
  ...createBeatStore(table),
  ...createDueStore(table),
  ...createDueSendStore(table),
  ...createPhaseStore(table),
});

export type StoreRuntime = CoreRuntime<ReturnType<typeof createStore>>;
