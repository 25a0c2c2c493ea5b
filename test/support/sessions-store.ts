import { createCanonicalStore } from '../../functions/shared/store/customer/canonical-name.ts';
import { createMemberStore } from '../../functions/shared/store/customer/count-active-customers.ts';
import { createEraseStore } from '../../functions/shared/store/customer/erase-customer.ts';
import { createErasedSessionStore } from '../../functions/shared/store/customer/erased-session.ts';
import { createLinkStore } from '../../functions/shared/store/customer/link-names.ts';
import { createCustomerStore } from '../../functions/shared/store/customer/load-customer.ts';
import { createOwnerStore } from '../../functions/shared/store/customer/owner.ts';
import { createConsentHistoryStore } from '../../functions/shared/store/customer/read-consent.ts';
import { createConsentStore } from '../../functions/shared/store/customer/record-consent.ts';
import { createVersionedConsentStore } from '../../functions/shared/store/customer/record-consent-if-match.ts';
import { createDueStore } from '../../functions/shared/store/due/find-due.ts';
import type { Table } from '../../functions/shared/store/dynamo/client.ts';
import { createEndpointOutcomeStore } from '../../functions/shared/store/endpoint-outcomes.ts';
import { createClaimStore } from '../../functions/shared/store/message/claim-send.ts';
import { createCompleteStore } from '../../functions/shared/store/message/complete-send.ts';
import { createReferenceStore } from '../../functions/shared/store/message/find-by-reference.ts';
import { createInDoubtStore } from '../../functions/shared/store/message/find-in-doubt.ts';
import { createFindInThreadStore } from '../../functions/shared/store/message/find-in-thread.ts';
import { createFindMessageStore } from '../../functions/shared/store/message/find-message.ts';
import { createSendStateStore } from '../../functions/shared/store/message/load-send-state.ts';
import { createThreadStore } from '../../functions/shared/store/message/read-thread.ts';
import { createEchoStore } from '../../functions/shared/store/message/record-echo.ts';
import { createInboundStore } from '../../functions/shared/store/message/record-inbound.ts';
import { createStatusStore } from '../../functions/shared/store/message/record-status.ts';
import { createResolveStore } from '../../functions/shared/store/message/resolve-send.ts';
import { createDueSendStore } from '../../functions/shared/store/message/settle-due.ts';
import { createBeatStore, createSyncTimeStore } from '../../functions/shared/store/service-beat.ts';
import { createClosingStore } from '../../functions/shared/store/session/list-closing.ts';
import { createSessionHistoryStore } from '../../functions/shared/store/session/read-sessions.ts';
import { createHistoryStore } from '../../functions/shared/store/session/record-history.ts';
import { createProviderClosedStore } from '../../functions/shared/store/session/record-provider-closed.ts';
import { createPhaseStore } from '../../functions/shared/store/session/set-phases.ts';
import { createTemplateStore } from '../../functions/shared/store/template/template-registry.ts';
import { createMessageCountStore } from '../../functions/shared/store/usage/count-messages.ts';
import { createUsageStore } from '../../functions/shared/store/usage/read-usage.ts';

/** Every verb of the store; each Lambda composes only those that it uses. */
export const createSessionsStore = (table: Table) => ({
  ...createSendStateStore(table),
  ...createClaimStore(table),
  ...createCompleteStore(table),
  ...createFindInThreadStore(table),
  ...createFindMessageStore(table),
  ...createReferenceStore(table),
  ...createInDoubtStore(table),
  ...createResolveStore(table),
  ...createProviderClosedStore(table),
  ...createStatusStore(table),
  ...createConsentStore(table),
  ...createOwnerStore(table),
  ...createVersionedConsentStore(table),
  ...createConsentHistoryStore(table),
  ...createThreadStore(table),
  ...createInboundStore(table),
  ...createEchoStore(table),
  ...createCustomerStore(table),
  ...createTemplateStore(table),
  ...createEndpointOutcomeStore(table),
  ...createDueStore(table),
  ...createDueSendStore(table),
  ...createPhaseStore(table),
  ...createSessionHistoryStore(table),
  ...createErasedSessionStore(table),
  ...createHistoryStore(table),
  ...createEraseStore(table),
  ...createClosingStore(table),
  ...createMemberStore(table),
  ...createMessageCountStore(table),
  ...createUsageStore(table),
  ...createBeatStore(table),
  ...createSyncTimeStore(table),
  ...createLinkStore(table),
  ...createCanonicalStore(table),
});
