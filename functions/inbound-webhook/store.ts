import type { CoreRuntime } from '../shared/runtime/core-runtime.ts';
import { createConsentStore } from '../shared/store/customer/record-consent.ts';
import type { Table } from '../shared/store/dynamo/client.ts';
import { createUnplacedStore } from '../shared/store/message/keep-unplaced.ts';
import { createEchoStore } from '../shared/store/message/record-echo.ts';
import { createInboundStore } from '../shared/store/message/record-inbound.ts';
import { createStatusStore } from '../shared/store/message/record-status.ts';
import { createTemplateStore } from '../shared/store/template/template-registry.ts';

/** The store verbs that this Lambda uses. */
export const createStore = (table: Table) => ({
  ...createInboundStore(table),
  ...createEchoStore(table),
  ...createUnplacedStore(table),
  ...createStatusStore(table),
  ...createConsentStore(table),
  ...createTemplateStore(table),
});

export type StoreRuntime = CoreRuntime<ReturnType<typeof createStore>>;
