import type { CoreRuntime } from '../shared/runtime/core-runtime.ts';
import type { Table } from '../shared/store/dynamo/client.ts';
import { createSyncTimeStore } from '../shared/store/service-beat.ts';
import { createTemplateStore } from '../shared/store/template/template-registry.ts';

/** The store verbs that this Lambda uses. */
export const createStore = (table: Table) => ({
  ...createTemplateStore(table),
  ...createSyncTimeStore(table),
});

export type StoreRuntime = CoreRuntime<ReturnType<typeof createStore>>;
