import type { Log } from '../runtime/log.ts';
import type { HttpEvent, HttpHandler, HttpResponse } from './handler.ts';
import { type ProblemDetails, problem } from './problem.ts';

export type Answer = HttpResponse | ProblemDetails;

export const json = (statusCode: number, body: object): HttpResponse => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Serves one request: a refusal is answered as a problem, a fault is logged and answered with 500, so that the sender retries. */
export const serve =
  (log: Log, answer: (event: HttpEvent) => Promise<Answer>): HttpHandler =>
  async (event) => {
    const { requestId } = event.requestContext;
    log.begin(requestId);
    try {
      const response = await answer(event);
      return 'code' in response ? problem(response, requestId) : response;
    } catch (fault) {
      log.error('http.failed', { route: event.routeKey }, fault);
      return problem(
        { code: 'internal', detail: 'The service failed before the request was completed: repeat the request later.' },
        requestId,
      );
    } finally {
      log.end();
    }
  };
