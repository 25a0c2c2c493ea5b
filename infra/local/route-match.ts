import type { HttpHandler } from '../../functions/shared/http/handler.ts';
import { matchPath } from '../../functions/shared/http/match-path.ts';

/** A route in API Gateway's notation, and its handler. */
export interface FrontRoute {
  readonly method: string;
  readonly path: string;
  readonly handler: HttpHandler;
  /** The most bytes of a body. @default - the front's */
  readonly maxBodyBytes?: number | undefined;
}

export interface Match {
  /** `POST /v1/messages`, or `$default` when no route matches. */
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly maxBodyBytes?: number | undefined;
  readonly handler: HttpHandler;
}

/** Decodes percent-encoding once; a `+` stays a `+`; `undefined` when it is malformed. */
export const decodePath = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

const isCatchAll = ({ path }: FrontRoute): boolean => path.endsWith('/{proxy+}');

const methodMatches = (route: FrontRoute, method: string): boolean => route.method === method || route.method === 'ANY';

/** Finds the route as an HTTP API does: `ANY …/{proxy+}` after the others, else `$default`. */
export const matchRoute = (
  routes: readonly FrontRoute[],
  fallback: HttpHandler,
  request: { readonly method: string; readonly path: string },
): Match => {
  const segments = request.path.split('/').map((segment) => decodePath(segment) ?? '');
  for (const route of routes.toSorted((one, other) => Number(isCatchAll(one)) - Number(isCatchAll(other)))) {
    const pathParameters = methodMatches(route, request.method) ? matchPath(route.path, segments) : undefined;
    if (pathParameters !== undefined)
      return {
        routeKey: `${route.method} ${route.path}`,
        pathParameters,
        handler: route.handler,
        maxBodyBytes: route.maxBodyBytes,
      };
  }
  return { routeKey: '$default', pathParameters: {}, handler: fallback };
};
