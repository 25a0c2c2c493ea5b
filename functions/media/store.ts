import type { CoreRuntime } from '../shared/runtime/core-runtime.ts';
import type { Table } from '../shared/store/dynamo/client.ts';
import { createMessageFileStore } from '../shared/store/message/message-file.ts';

/** The store verbs that this Lambda uses. */
export const createStore = (table: Table) => ({ ...createMessageFileStore(table) });

export type StoreRuntime = CoreRuntime<ReturnType<typeof createStore>>;
