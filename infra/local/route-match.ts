import type { HttpHandler } from '../../functions/shared/http/handler.ts';

/** A route in API Gateway's notation, and its handler. */
export interface FrontRoute {
  readonly method: string;
  readonly path: string;
  readonly handler: HttpHandler;
}

export interface Match {
  /** `POST /v1/messages`, or `$default` when no route matches. */
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
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

const parameterName = (segment: string): string | undefined => /^\{(\w+)\}$/.exec(segment)?.[1];

/** The path's parameters, or `undefined` when the path does not match. */
const readParameters = (template: string, path: string): Readonly<Record<string, string>> | undefined => {
  const expected = template.split('/');
  const given = path.split('/').map((segment) => decodePath(segment) ?? '');
  const matches = (segment: string, index: number) =>
    parameterName(segment) === undefined ? segment === given[index] : given[index] !== '';
  if (expected.length !== given.length || !expected.every(matches)) return undefined;
  const pairs = expected.map((segment, index): [string | undefined, string] => [
    parameterName(segment),
    given[index] ?? '',
  ]);
  return Object.fromEntries(pairs.filter(([name]) => name !== undefined));
};

/** Finds the route as an HTTP API does, by method and every segment; a call without a match is `$default`. */
export const matchRoute = (
  routes: readonly FrontRoute[],
  fallback: HttpHandler,
  request: { readonly method: string; readonly path: string },
): Match => {
  for (const { method, path, handler } of routes) {
    const pathParameters = method === request.method ? readParameters(path, request.path) : undefined;
    if (pathParameters !== undefined) return { routeKey: `${method} ${path}`, pathParameters, handler };
  }
  return { routeKey: '$default', pathParameters: {}, handler: fallback };
};
