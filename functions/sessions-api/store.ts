import type { CoreRuntime } from '../shared/runtime/core-runtime.ts';
import type { DeliveryQueue } from '../shared/runtime/delivery-queue.ts';
import { createCanonicalStore } from '../shared/store/customer/canonical-name.ts';
import { createEraseStore } from '../shared/store/customer/erase-customer.ts';
import { createCustomerStore } from '../shared/store/customer/load-customer.ts';
import { createConsentHistoryStore } from '../shared/store/customer/read-consent.ts';
import { createConsentStore } from '../shared/store/customer/record-consent.ts';
import { createVersionedConsentStore } from '../shared/store/customer/record-consent-if-match.ts';
import type { Table } from '../shared/store/dynamo/client.ts';
import { createEndpointOutcomeStore } from '../shared/store/endpoint-outcomes.ts';
import { createReferenceStore } from '../shared/store/message/find-by-reference.ts';
import { createInDoubtStore } from '../shared/store/message/find-in-doubt.ts';
import { createFindMessageStore } from '../shared/store/message/find-message.ts';
import { createThreadStore } from '../shared/store/message/read-thread.ts';
import { createResolveStore } from '../shared/store/message/resolve-send.ts';
import { createClosingStore } from '../shared/store/session/list-closing.ts';
import { createSessionHistoryStore } from '../shared/store/session/read-sessions.ts';
import { createTemplateStore } from '../shared/store/template/template-registry.ts';
import { createUsageStore } from '../shared/store/usage/read-usage.ts';

/** The store verbs that this Lambda uses. */
export const createStore = (table: Table) => ({
  ...createCustomerStore(table),
  ...createCanonicalStore(table),
  ...createClosingStore(table),
  ...createSessionHistoryStore(table),
  ...createThreadStore(table),
  ...createFindMessageStore(table),
  ...createReferenceStore(table),
  ...createInDoubtStore(table),
  ...createResolveStore(table),
  ...createConsentStore(table),
  ...createVersionedConsentStore(table),
  ...createConsentHistoryStore(table),
  ...createEraseStore(table),
  ...createUsageStore(table),
  ...createTemplateStore(table),
  ...createEndpointOutcomeStore(table),
});

export interface StoreRuntime extends CoreRuntime<ReturnType<typeof createStore>> {
  /** Receives the events that are sent to an endpoint once more. @default - no channel has endpoints */
  readonly deliveryQueue?: Pick<DeliveryQueue, 'send'> | undefined;
}
