import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import * as z from 'zod';
import type { HttpHandler, HttpResponse } from '../../../functions/shared/http/handler.ts';
import { close, createFront, listen } from '../http-front.ts';
import type { FaultQueue } from './fault-queue.ts';
import type { ProviderName, VendorApi } from './vendor.ts';
import type { WireLog } from './wire-log.ts';

export interface ProviderServerOptions extends VendorApi {
  readonly provider: ProviderName;
  readonly port: number;
  readonly wire: WireLog;
  readonly faults: FaultQueue;
  readonly now: () => Date;
}

/** The diagnostics channel on which Node's `fetch` reports a failed connection. */
const CONNECT_ERROR = 'undici:client:connectError';
const Refused = z.object({
  connectParams: z.object({ port: z.coerce.number() }),
  error: z.object({ code: z.literal('ECONNREFUSED') }),
});

const REOPEN_MS = 50;

/** A document of 100 MB and the form around it. */
const MAX_UPLOAD_BYTES = 101 * 1024 * 1024;

/** Closes the connection after each call, so that closing the port refuses the next call. */
const onOwnConnection =
  (handler: HttpHandler): HttpHandler =>
  async (event) => {
    const response: HttpResponse = await handler(event);
    return { ...response, headers: { ...response.headers, connection: 'close' } };
  };

/**
 * Starts one simulated provider on its port; resolves to its stop. While a `refuse_connection` fault is next, the port is
 * closed and the operating system refuses. Only the caller sees those attempts; it is the service in this process, whose
 * `fetch` reports each one, and the port opens again after the requested number.
 */
export const startProviderServer = async (options: ProviderServerOptions): Promise<() => Promise<void>> => {
  const { provider, port, routes, fallback, wire, faults, now } = options;
  const wrapped = (handler: HttpHandler) => wire.recording({ kind: 'call', provider }, onOwnConnection(handler));
  const server = createFront({
    routes: routes.map((route) => ({ ...route, handler: wrapped(route.handler) })),
    fallback: wrapped(fallback),
    now,
    maxBodyBytes: MAX_UPLOAD_BYTES,
  });
  const countRefused = (message: unknown) => {
    const attempt = Refused.safeParse(message);
    if (attempt.success && attempt.data.connectParams.port === port) faults.countRefused();
  };
  const openOrClose = () => {
    if (faults.isRefusing() && server.listening) server.close();
    if (!faults.isRefusing() && !server.listening) server.listen(port, '127.0.0.1');
  };
  await listen(server, port);
  // While the port is closed, an outgoing connection of another process may use it for a moment.
  server.on('error', () => setTimeout(openOrClose, REOPEN_MS).unref());
  faults.onChange(openOrClose);
  subscribe(CONNECT_ERROR, countRefused);
  return () => {
    unsubscribe(CONNECT_ERROR, countRefused);
    faults.onChange(undefined);
    return close(server);
  };
};
