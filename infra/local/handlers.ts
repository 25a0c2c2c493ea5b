import { createInboundWebhook } from '../../functions/inbound-webhook/inbound-webhook.ts';
import { createWebhookRuntime } from '../../functions/inbound-webhook/runtime.ts';
import { createOutboundSend } from '../../functions/outbound-send/outbound-send.ts';
import { createSendRuntime } from '../../functions/outbound-send/runtime.ts';
import { createSessionsApi } from '../../functions/sessions-api/sessions-api.ts';
import { createStore as createApiStore } from '../../functions/sessions-api/store.ts';
import type { HttpHandler } from '../../functions/shared/http/handler.ts';
import { rawBody } from '../../functions/shared/http/request.ts';
import type { HttpFunction, RoutePathOf } from '../../functions/shared/http/routes.ts';
import { createCoreRuntime } from '../../functions/shared/runtime/core-runtime.ts';
import { createTemplateSync } from '../../functions/template-sync/template-sync.ts';
import { createStore as createSweepStore } from '../../functions/window-sweep/store.ts';
import { createWindowSweep } from '../../functions/window-sweep/window-sweep.ts';
import type { LocalEvents } from './local-events.ts';
import type { LocalMedia } from './local-media.ts';
import { handlerOptions, type LocalParts } from './local-parts.ts';
import type { Simulator } from './simulator/simulator.ts';
import { isProvider } from './simulator/vendors.ts';

/** Records every webhook on the wire, and shows those that are accepted to the simulated WhatsApp, whoever posted them. */
const observed =
  ({ observe, wire }: Simulator, handler: HttpHandler): HttpHandler =>
  async (event) => {
    const [, , provider] = event.rawPath.split('/');
    const recorded = isProvider(provider) ? wire.recording({ kind: 'webhook', provider }, handler) : handler;
    const response = await recorded(event);
    const account = event.pathParameters?.['account'];
    if (response.statusCode === 200 && account !== undefined) observe(account, rawBody(event));
    return response;
  };

const USAGE_PATH: RoutePathOf<'sessions-api'> = '/v1/channels/{channel}/usage';

/** Answers usage after the stream is drained: usage is counted from the stream. */
const withCurrentUsage =
  ({ drain }: LocalEvents, handler: HttpHandler): HttpHandler =>
  async (event) => {
    if (event.routeKey.endsWith(USAGE_PATH)) await drain();
    return handler(event);
  };

/** The deployed handlers on the local table, clock and secrets. */
export const createHandlers = (parts: LocalParts, events: LocalEvents, media: LocalMedia) => {
  const options = (service: HttpFunction | 'window-sweep') => handlerOptions(parts, service);
  const inboundWebhook = createInboundWebhook(createWebhookRuntime(options('inbound-webhook')));
  const sessionsApi = createSessionsApi({
    ...createCoreRuntime(options('sessions-api'), createApiStore),
    deliveryQueue: events.deliveryQueue,
  });
  const { onRequest, onSchedule } = createTemplateSync(options('template-sync'));
  const handlers: Readonly<Record<HttpFunction, HttpHandler>> = {
    'inbound-webhook': observed(parts.simulator, inboundWebhook),
    media: media.onRequest,
    'outbound-send': createOutboundSend(
      createSendRuntime({ ...options('outbound-send'), prepareFile: media.prepareFile }),
    ),
    'sessions-api': withCurrentUsage(events, sessionsApi),
    'template-sync': onRequest,
  };
  return {
    handlers,
    syncTemplates: () => onSchedule({}),
    /** Runs the scheduled sweep with its clock at that time. */
    sweepAt: (at: Date) =>
      createWindowSweep(createCoreRuntime({ ...options('window-sweep'), now: () => at }, createSweepStore))(),
  };
};
