import { createInboundWebhook } from '../../functions/inbound-webhook/inbound-webhook.ts';
import { createOutboundSend } from '../../functions/outbound-send/outbound-send.ts';
import { createSessionsApi } from '../../functions/sessions-api/sessions-api.ts';
import type { HttpHandler } from '../../functions/shared/http/handler.ts';
import { rawBody } from '../../functions/shared/http/request.ts';
import type { HttpFunction } from '../../functions/shared/http/routes.ts';
import { createSendRuntime } from '../../functions/shared/runtime/send-runtime.ts';
import { createStoreRuntime } from '../../functions/shared/runtime/store-runtime.ts';
import { createWebhookRuntime } from '../../functions/shared/runtime/webhook-runtime.ts';
import { createTemplateSync } from '../../functions/template-sync/template-sync.ts';
import { createWindowSweep } from '../../functions/window-sweep/window-sweep.ts';
import type { LocalEvents } from './local-events.ts';
import { handlerOptions, type LocalParts } from './local-parts.ts';
import type { Simulator } from './simulator/simulator.ts';

/** Shows every accepted webhook to the simulated WhatsApp, also one that the simulator did not post. */
const observed =
  ({ observe }: Simulator, handler: HttpHandler): HttpHandler =>
  async (event) => {
    const response = await handler(event);
    const account = event.pathParameters?.['account'];
    if (response.statusCode === 200 && account !== undefined) observe(account, rawBody(event));
    return response;
  };

/** Answers usage after the stream is drained: usage is counted from the stream. */
const withCurrentUsage =
  ({ drain }: LocalEvents, handler: HttpHandler): HttpHandler =>
  async (event) => {
    if (event.routeKey === 'GET /v1/channels/{channel}/usage') await drain();
    return handler(event);
  };

/** The deployed handlers on the local table, clock and secrets. */
export const createHandlers = (parts: LocalParts, events: LocalEvents) => {
  const options = (service: HttpFunction | 'window-sweep') => handlerOptions(parts, service);
  const inboundWebhook = createInboundWebhook(createWebhookRuntime(options('inbound-webhook')));
  const sessionsApi = createSessionsApi(createStoreRuntime(options('sessions-api')));
  const { onRequest, onSchedule } = createTemplateSync(options('template-sync'));
  const handlers: Readonly<Record<HttpFunction, HttpHandler>> = {
    'inbound-webhook': observed(parts.simulator, inboundWebhook),
    'outbound-send': createOutboundSend(createSendRuntime(options('outbound-send'))),
    'sessions-api': withCurrentUsage(events, sessionsApi),
    'template-sync': onRequest,
  };
  return {
    handlers,
    syncTemplates: () => onSchedule({}),
    /** Runs the scheduled sweep with its clock at that time. */
    sweepAt: (at: Date) => createWindowSweep(createStoreRuntime({ ...options('window-sweep'), now: () => at }))(),
  };
};
