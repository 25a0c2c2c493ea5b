import type { HttpHandler } from '../shared/http/handler.ts';
import { type Responders, serveRoutes } from '../shared/http/serve-routes.ts';
import { changeConsent } from './change-consent.ts';
import { eraseCustomer } from './erase-customer.ts';
import { exportCustomer } from './export-customer.ts';
import { findMessages } from './find-messages.ts';
import { importConsents } from './import-consents.ts';
import { querySessions } from './query-sessions.ts';
import { resolveMessage } from './resolve-message.ts';
import { resendDelivery, testDelivery } from './send-delivery.ts';
import { showChannels } from './show-channels.ts';
import { showClosing } from './show-closing.ts';
import { showConsent } from './show-consent.ts';
import { showCustomer } from './show-customer.ts';
import { showDeliveries } from './show-deliveries.ts';
import { showEvents } from './show-events.ts';
import { showMessage } from './show-message.ts';
import { showSession } from './show-session.ts';
import { showTemplates } from './show-templates.ts';
import { showThread } from './show-thread.ts';
import { showUsage } from './show-usage.ts';
import type { StoreRuntime } from './store.ts';

const RESPONDERS = {
  'GET /v1/messages/{id}': showMessage,
  'POST /v1/messages/{id}/resolve': resolveMessage,
  'GET /v1/channels': showChannels,
  'GET /v1/channels/{channel}/messages': findMessages,
  'GET /v1/channels/{channel}/customers/{customer}/session': showSession,
  'GET /v1/channels/{channel}/sessions': showClosing,
  'POST /v1/channels/{channel}/sessions/query': querySessions,
  'GET /v1/channels/{channel}/customers/{customer}/messages': showThread,
  'GET /v1/channels/{channel}/customers/{customer}/events': showEvents,
  'GET /v1/channels/{channel}/customers/{customer}/export': exportCustomer,
  'GET /v1/channels/{channel}/customers/{customer}/consent': showConsent,
  'PUT /v1/channels/{channel}/customers/{customer}/consent': changeConsent,
  'PUT /v1/channels/{channel}/consents': importConsents,
  'GET /v1/channels/{channel}/customers/{customer}': showCustomer,
  'DELETE /v1/channels/{channel}/customers/{customer}': eraseCustomer,
  'GET /v1/channels/{channel}/deliveries': showDeliveries,
  'POST /v1/channels/{channel}/deliveries/test': testDelivery,
  'POST /v1/channels/{channel}/deliveries/resend': resendDelivery,
  'GET /v1/channels/{channel}/usage': showUsage,
  'GET /v1/channels/{channel}/templates': showTemplates,
} satisfies Responders<'sessions-api', StoreRuntime>;

/** Shows windows, threads, consent, usage and templates, records consent, resolves sends in doubt, and erases customers. */
export const createSessionsApi = (runtime: StoreRuntime): HttpHandler => serveRoutes(runtime, RESPONDERS);
