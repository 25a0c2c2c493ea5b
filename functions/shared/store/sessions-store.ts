import { createMemberStore } from './customer/count-active-customers.ts';
import { createEraseStore } from './customer/erase-customer.ts';
import { createCustomerStore } from './customer/load-customer.ts';
import { createDueStore } from './due/find-due.ts';
import type { Table } from './dynamo/client.ts';
import { createInboundStore } from './message/record-inbound.ts';
import { createSendStore } from './message/send-store.ts';
import { createDueSendStore } from './message/settle-due.ts';
import { createClosingStore } from './session/list-closing.ts';
import { createHistoryStore } from './session/record-history.ts';
import { createPhaseStore } from './session/set-phases.ts';
import { createTemplateStore } from './template/template-registry.ts';
import { createMessageCountStore } from './usage/count-messages.ts';
import { createUsageStore } from './usage/read-usage.ts';

/** Everything the Lambdas do with the sessions table. */
export const createSessionsStore = (table: Table) => ({
  ...createSendStore(table),
  ...createInboundStore(table),
  ...createCustomerStore(table),
  ...createTemplateStore(table),
  ...createDueStore(table),
  ...createDueSendStore(table),
  ...createPhaseStore(table),
  ...createHistoryStore(table),
  ...createEraseStore(table),
  ...createClosingStore(table),
  ...createMemberStore(table),
  ...createMessageCountStore(table),
  ...createUsageStore(table),
});

export type SessionsStore = ReturnType<typeof createSessionsStore>;
