import type { HttpHandler } from '../shared/http/handler.ts';
import { serve } from '../shared/http/respond.ts';
import type { Responder } from './addressed.ts';
import { showClosing } from './closing.ts';
import { changeConsent, showConsent } from './consent.ts';
import { eraseCustomer } from './erase.ts';
import { resolveMessage } from './resolve.ts';
import { querySessions, showSession } from './session.ts';
import type { StoreRuntime } from './store.ts';
import { showTemplates } from './templates.ts';
import { showMessage, showThread } from './thread.ts';
import { showUsage } from './usage.ts';

const ROUTES = new Map<string, Responder>([
  ['GET /v1/messages/{id}', showMessage],
  ['POST /v1/messages/{id}/resolve', resolveMessage],
  ['GET /v1/channels/{channel}/customers/{customer}/session', showSession],
  ['GET /v1/channels/{channel}/sessions', showClosing],
  ['POST /v1/channels/{channel}/sessions/query', querySessions],
  ['GET /v1/channels/{channel}/customers/{customer}/messages', showThread],
  ['GET /v1/channels/{channel}/customers/{customer}/consent', showConsent],
  ['PUT /v1/channels/{channel}/customers/{customer}/consent', changeConsent],
  ['DELETE /v1/channels/{channel}/customers/{customer}', eraseCustomer],
  ['GET /v1/channels/{channel}/usage', showUsage],
  ['GET /v1/channels/{channel}/templates', showTemplates],
]);

/** Answers what is asked of windows, threads, consent, usage and templates, and forgets customers; API Gateway is the router. */
export const createSessionsApi = (runtime: StoreRuntime): HttpHandler =>
  serve(runtime.log, async (event) => {
    const answer = ROUTES.get(event.routeKey);
    if (answer === undefined)
      return {
        code: 'unknown_route',
        detail: 'The service has no such route: see docs/openapi.json for those it has.',
      };
    return answer(runtime, event);
  });
