import type { Log } from '../runtime/log.ts';
import type { HttpEvent, HttpHandler, HttpResponse } from './handler.ts';
import { type ProblemDetails, problem } from './problem.ts';

export const json = (statusCode: number, body: object): HttpResponse => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** One request from begin to end: refusals become problem answers, faults a 5xx, so that the sender comes back. */
export const serve =
  (log: Log, answer: (event: HttpEvent) => Promise<HttpResponse | ProblemDetails>): HttpHandler =>
  async (event) => {
    const { requestId } = event.requestContext;
    log.begin(requestId);
    try {
      const response = await answer(event);
      return 'code' in response ? problem(response, requestId) : response;
    } catch (fault) {
      log.error('http.failed', { route: event.routeKey }, fault);
      return problem(
        { code: 'internal', detail: 'The request was not completed; it is safe to repeat it later.' },
        requestId,
      );
    } finally {
      log.end();
    }
  };
