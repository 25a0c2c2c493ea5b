import type { HttpResponse } from '../../../functions/shared/http/handler.ts';
import type { FaultKind } from './fault-queue.ts';

/** Holds the connection until the caller gives up or the simulator stops. */
export const neverAnswers = (): Promise<HttpResponse> => new Promise(() => {});

/** An error page of something in front of the provider, not an answer of its API. */
const unreadableError = (): HttpResponse => ({
  statusCode: 500,
  headers: { 'content-type': 'text/html' },
  body: '<html><body>Internal Server Error</body></html>',
});

/** What a provider does that breaks down before it has read the request. */
export const breakDown = (fault: FaultKind | undefined): Promise<HttpResponse> | HttpResponse | undefined => {
  if (fault === 'timeout_before_accept') return neverAnswers();
  return fault === 'http_500' ? unreadableError() : undefined;
};
