import type { Log } from '../runtime/log.ts';
import type { HttpEvent, HttpHandler } from './handler.ts';
import type { ProblemDetails } from './problem.ts';
import { invalidRequest } from './request.ts';
import { type Answer, serve } from './respond.ts';
import type { HttpFunction, RouteKeyOf } from './routes.ts';
import { queryFaults } from './unicode.ts';

/** Answers one route. */
export type Responder<Runtime> = (runtime: Runtime, event: HttpEvent) => Promise<Answer>;

/** One responder for each route of a Lambda: a route without one, or a key that is no route of it, does not compile. */
export type Responders<F extends HttpFunction, Runtime> = Readonly<Record<RouteKeyOf<F>, Responder<Runtime>>>;

const UNKNOWN_ROUTE: ProblemDetails = {
  code: 'unknown_route',
  detail: 'The API has no route with this method and path: docs/openapi.json lists the routes.',
};

/** Answers requests by the route that API Gateway matched; any other request is `unknown_route`. */
export const serveRoutes = <Runtime extends { readonly log: Log }>(
  runtime: Runtime,
  responders: Readonly<Record<string, Responder<Runtime>>>,
): HttpHandler => {
  const byRouteKey = new Map(Object.entries(responders));
  return serve(runtime.log, async (event) => {
    const responder = byRouteKey.get(event.routeKey);
    if (responder === undefined) return UNKNOWN_ROUTE;
    const faults = queryFaults(event.rawQueryString);
    return faults.length === 0 ? responder(runtime, event) : invalidRequest(faults).problem;
  });
};
