import type { Channel } from '../domain/config.ts';
import type { Log } from '../runtime/log.ts';
import { checkScope, type Grant, readGrant, withoutOAuthRoot } from './access-token.ts';
import type { HttpEvent, HttpHandler } from './handler.ts';
import { matchPath } from './match-path.ts';
import type { ProblemDetails } from './problem.ts';
import { invalidRequest } from './request.ts';
import { type Answer, serve } from './respond.ts';
import { type HttpFunction, ROUTES, type RouteKeyOf } from './routes.ts';
import { queryFaults } from './unicode.ts';

/** Answers one route. */
export type Responder<Runtime> = (runtime: Runtime, event: HttpEvent) => Promise<Answer>;

/** One responder for each route of a Lambda: a route without one, or a key that is no route of it, does not compile. */
export type Responders<F extends HttpFunction, Runtime> = Readonly<Record<RouteKeyOf<F>, Responder<Runtime>>>;

const UNKNOWN_ROUTE: ProblemDetails = {
  code: 'unknown_route',
  detail: 'The API has no route with this path: docs/openapi.json lists the routes.',
};

const methodNotAllowed = (method: string, allowed: readonly string[]): ProblemDetails => ({
  code: 'method_not_allowed',
  detail: `This path does not support ${method}: use ${allowed.join(' or ')}.`,
  headers: { allow: allowed.join(', ') },
});

const UNSUPPORTED_ENCODING: ProblemDetails = {
  code: 'unsupported_encoding',
  detail: 'CareWindow reads uncompressed bodies only: send the body without Content-Encoding.',
  headers: { 'accept-encoding': 'identity' },
};

const isEncoded = ({ headers, body }: HttpEvent): boolean =>
  Boolean(body) &&
  (headers['content-encoding'] ?? '')
    .split(',')
    .some((coding) => !['', 'identity'].includes(coding.trim().toLowerCase()));

/** The declared routes of a path, whatever their method. */
const routesAt = (path: string) =>
  ROUTES.flatMap(({ method, path: template }) => {
    const pathParameters = matchPath(template, path.split('/'));
    return pathParameters === undefined ? [] : [{ method, routeKey: `${method} ${template}`, pathParameters }];
  });

/** `HEAD` is supported wherever `GET` is. */
const allowedAt = (routes: ReturnType<typeof routesAt>): readonly string[] =>
  routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));

/** Reads a call that API Gateway matched to no declared route: HEAD of a GET route becomes that GET. */
const readUnmatched = (event: HttpEvent): HttpEvent | ProblemDetails => {
  const { method, path } = event.requestContext.http;
  const routes = routesAt(path);
  const get = method === 'HEAD' ? routes.find((route) => route.method === 'GET') : undefined;
  if (get !== undefined) return { ...event, routeKey: get.routeKey, pathParameters: { ...get.pathParameters } };
  const allowed = allowedAt(routes);
  return allowed.length === 0 || allowed.includes(method) ? UNKNOWN_ROUTE : methodNotAllowed(method, allowed);
};

/** An answer to HEAD has no body. */
const withoutBody =
  (handler: HttpHandler): HttpHandler =>
  async (event) => {
    const response = await handler(event);
    return event.requestContext.http.method === 'HEAD' ? { ...response, body: '' } : response;
  };

/** What every route refuses, whatever it answers. */
const refuse = (event: HttpEvent, grant: Grant | undefined): ProblemDetails | undefined => {
  const refused = grant === undefined ? undefined : checkScope(grant, event.routeKey);
  if (refused !== undefined) return refused;
  if (isEncoded(event)) return UNSUPPORTED_ENCODING;
  const faults = queryFaults(event.rawQueryString);
  return faults.length === 0 ? undefined : invalidRequest(faults).problem;
};

/** The part of a runtime that says which channels there are. */
interface Reach {
  readonly channel: (id: string | undefined) => Channel | undefined;
  readonly channels: readonly Channel[];
  readonly reaches: (channel: string) => boolean;
}

/** The runtime with the channels alone that the caller's token names. */
const within = <Runtime extends Reach>(runtime: Runtime, grant: Grant | undefined): Runtime => {
  const named = grant?.channels;
  if (named === undefined) return runtime;
  const reaches = (id: string | undefined): boolean => id !== undefined && named.includes(id);
  return {
    ...runtime,
    channel: (id) => (reaches(id) ? runtime.channel(id) : undefined),
    channels: runtime.channels.filter(({ id }) => reaches(id)),
    reaches,
  };
};

/**
 * Answers requests by the route that API Gateway matched. Where it matched none, HEAD is answered as GET, another method
 * of a known path is `method_not_allowed`, and an unknown path is `unknown_route`. Calls below `/oauth` are answered as
 * those below `/v1`, within what the caller's token allows.
 */
export const serveRoutes = <Runtime extends Reach & { readonly log: Log }>(
  runtime: Runtime,
  responders: Readonly<Record<string, Responder<Runtime>>>,
): HttpHandler => {
  const byRouteKey = new Map(Object.entries(responders));
  return withoutBody(
    serve(runtime.log, async (received) => {
      const grant = readGrant(received);
      const named = grant === undefined ? received : withoutOAuthRoot(received);
      const event = byRouteKey.has(named.routeKey) ? named : readUnmatched(named);
      if ('code' in event) return event;
      const refused = refuse(event, grant);
      if (refused !== undefined) return refused;
      return byRouteKey.get(event.routeKey)?.(within(runtime, grant), event) ?? UNKNOWN_ROUTE;
    }),
  );
};
