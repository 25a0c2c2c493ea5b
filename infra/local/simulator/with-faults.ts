import type { HttpEvent, HttpHandler, HttpResponse } from '../../../functions/shared/http/handler.ts';
import type { FaultKind, FaultQueue } from './fault-queue.ts';

/** Keeps the connection open until the caller gives up or the simulator stops. */
export const neverAnswer = (): Promise<HttpResponse> => new Promise(() => {});

/** The error page of a proxy in front of the provider, which is no answer of its API. */
const proxyError = (): HttpResponse => ({
  statusCode: 500,
  headers: { 'content-type': 'text/html' },
  body: '<html><body>Internal Server Error</body></html>',
});

type Answer = (event: HttpEvent, fault: FaultKind | undefined) => Promise<HttpResponse> | HttpResponse;

/** Answers each send with the next fault; `answer` handles those that occur once the request is read. */
export const withFaults =
  (faults: FaultQueue, answer: Answer): HttpHandler =>
  async (event) => {
    const fault = faults.takeForSend();
    if (fault === 'timeout_before_accept') return neverAnswer();
    return fault === 'http_500' ? proxyError() : answer(event, fault);
  };
