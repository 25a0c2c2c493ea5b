import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import * as z from 'zod';
import type { HttpHandler, HttpResponse } from '../../../functions/shared/http/handler.ts';
import { close, createFront, listen } from '../http-front.ts';
import type { FrontRoute } from '../route-match.ts';
import type { CallLog, ProviderName } from './call-log.ts';
import type { FaultQueue } from './fault-queue.ts';

export interface ProviderServerOptions {
  readonly provider: ProviderName;
  readonly port: number;
  readonly routes: readonly FrontRoute[];
  readonly fallback: HttpHandler;
  readonly calls: CallLog;
  readonly faults: FaultQueue;
  readonly now: () => Date;
}

/** What Node's `fetch` reports of a connection that failed. */
const CONNECT_ERROR = 'undici:client:connectError';
const Refused = z.object({
  connectParams: z.object({ port: z.coerce.number() }),
  error: z.object({ code: z.literal('ECONNREFUSED') }),
});

const REOPEN_MS = 50;

/** Every call has a connection of its own, so that closing the port refuses the very next one. */
const onOwnConnection =
  (handler: HttpHandler): HttpHandler =>
  async (event) => {
    const response: HttpResponse = await handler(event);
    return { ...response, headers: { ...response.headers, connection: 'close' } };
  };

/**
 * One simulated provider on its port. While a `refuse_connection` fault is next, nothing listens there: the operating
 * system itself refuses. Nobody sees those attempts but the caller, which is the service in this very process: its
 * `fetch` reports each one, and the port opens again after as many as were asked for.
 */
export const startProviderServer = async (options: ProviderServerOptions): Promise<() => Promise<void>> => {
  const { provider, port, routes, fallback, calls, faults, now } = options;
  const wrapped = (handler: HttpHandler) => calls.recording(provider, onOwnConnection(handler));
  const server = createFront({
    routes: routes.map((route) => ({ ...route, handler: wrapped(route.handler) })),
    fallback: wrapped(fallback),
    now,
  });
  const countRefused = (message: unknown) => {
    const attempt = Refused.safeParse(message);
    if (attempt.success && attempt.data.connectParams.port === port) faults.refused();
  };
  const follow = () => {
    if (faults.isRefusing() && server.listening) server.close();
    if (!faults.isRefusing() && !server.listening) server.listen(port, '127.0.0.1');
  };
  await listen(server, port);
  // While the port is closed, an outgoing connection of another process may hold it for a moment.
  server.on('error', () => setTimeout(follow, REOPEN_MS).unref());
  faults.onChange(follow);
  subscribe(CONNECT_ERROR, countRefused);
  return () => {
    unsubscribe(CONNECT_ERROR, countRefused);
    faults.onChange(undefined);
    return close(server);
  };
};
