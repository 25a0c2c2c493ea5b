import type { CoreRuntime } from '../runtime/core-runtime.ts';
import { createLinkStore } from '../store/customer/link-names.ts';
import { createOwnerStore } from '../store/customer/owner.ts';
import { createConsentStore } from '../store/customer/record-consent.ts';
import type { Table } from '../store/dynamo/client.ts';
import { createUnplacedStore } from '../store/message/keep-unplaced.ts';
import { createEchoStore } from '../store/message/record-echo.ts';
import { createInboundStore } from '../store/message/record-inbound.ts';
import { createStatusStore } from '../store/message/record-status.ts';
import { createTemplateStore } from '../store/template/template-registry.ts';

/** The store verbs that recording a webhook uses. */
export const createStore = (table: Table) => ({
  ...createInboundStore(table),
  ...createEchoStore(table),
  ...createUnplacedStore(table),
  ...createStatusStore(table),
  ...createConsentStore(table),
  ...createOwnerStore(table),
  ...createLinkStore(table),
  ...createTemplateStore(table),
});

export type InboundRuntime = CoreRuntime<ReturnType<typeof createStore>>;
