import type { CoreRuntime } from '../shared/runtime/core-runtime.ts';
import type { Table } from '../shared/store/dynamo/client.ts';
import { createMessageFileStore } from '../shared/store/message/message-file.ts';
import { createUploadedFileStore } from '../shared/store/message/uploaded-file.ts';

/** The store verbs that this Lambda uses. */
export const createStore = (table: Table) => ({ ...createMessageFileStore(table), ...createUploadedFileStore(table) });

export type StoreRuntime = CoreRuntime<ReturnType<typeof createStore>>;
