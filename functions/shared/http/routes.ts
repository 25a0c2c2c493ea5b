/** The Lambdas that answer HTTP calls; each name is its folder under `functions/`. */
export type HttpFunction = 'inbound-webhook' | 'outbound-send' | 'sessions-api' | 'template-sync';

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** API Gateway's notation, `{name}` for a path parameter. */
  readonly path: string;
  readonly function: HttpFunction;
  /** `signature`: public, the provider's signature authorizes the call. `iam`: AWS Signature Version 4. */
  readonly auth: 'signature' | 'iam';
}

/** Every route of the service: read by the API construct, the local front, the OpenAPI generator and, as types, the Lambdas. */
export const ROUTES = [
  { method: 'GET', path: '/webhooks/meta/{account}', function: 'inbound-webhook', auth: 'signature' },
  { method: 'POST', path: '/webhooks/meta/{account}', function: 'inbound-webhook', auth: 'signature' },
  { method: 'POST', path: '/webhooks/sinch/{account}', function: 'inbound-webhook', auth: 'signature' },
  { method: 'POST', path: '/v1/messages', function: 'outbound-send', auth: 'iam' },
  { method: 'POST', path: '/v1/messages/check', function: 'outbound-send', auth: 'iam' },
  { method: 'GET', path: '/v1/messages/{id}', function: 'sessions-api', auth: 'iam' },
  { method: 'POST', path: '/v1/messages/{id}/resolve', function: 'sessions-api', auth: 'iam' },
  {
    method: 'GET',
    path: '/v1/channels/{channel}/customers/{customer}/session',
    function: 'sessions-api',
    auth: 'iam',
  },
  {
    method: 'GET',
    path: '/v1/channels/{channel}/customers/{customer}/messages',
    function: 'sessions-api',
    auth: 'iam',
  },
  { method: 'GET', path: '/v1/channels/{channel}/sessions', function: 'sessions-api', auth: 'iam' },
  {
    method: 'POST',
    path: '/v1/channels/{channel}/sessions/query',
    function: 'sessions-api',
    auth: 'iam',
  },
  {
    method: 'GET',
    path: '/v1/channels/{channel}/customers/{customer}/consent',
    function: 'sessions-api',
    auth: 'iam',
  },
  {
    method: 'PUT',
    path: '/v1/channels/{channel}/customers/{customer}/consent',
    function: 'sessions-api',
    auth: 'iam',
  },
  { method: 'PUT', path: '/v1/channels/{channel}/consents', function: 'sessions-api', auth: 'iam' },
  { method: 'DELETE', path: '/v1/channels/{channel}/customers/{customer}', function: 'sessions-api', auth: 'iam' },
  { method: 'GET', path: '/v1/channels/{channel}/usage', function: 'sessions-api', auth: 'iam' },
  { method: 'GET', path: '/v1/channels/{channel}/templates', function: 'sessions-api', auth: 'iam' },
  { method: 'POST', path: '/v1/channels/{channel}/templates/sync', function: 'template-sync', auth: 'iam' },
] as const satisfies readonly Route[];

/** Brings calls that match no declared route of a prefix, such as HEAD, to the Lambda that answers every GET of it. */
export interface CatchAll {
  readonly method: 'ANY';
  readonly path: `${string}/{proxy+}`;
  readonly function: HttpFunction;
  readonly auth: Route['auth'];
}

export const CATCH_ALLS: readonly CatchAll[] = [
  { method: 'ANY', path: '/webhooks/{proxy+}', function: 'inbound-webhook', auth: 'signature' },
  { method: 'ANY', path: '/v1/{proxy+}', function: 'sessions-api', auth: 'iam' },
];

type DeclaredRoute = (typeof ROUTES)[number];

type KeyOf<R> = R extends Route ? `${R['method']} ${R['path']}` : never;

/** API Gateway's key of a route, such as `POST /v1/messages`. */
export type RouteKey = KeyOf<DeclaredRoute>;

/** Keys of the routes that one Lambda answers. */
export type RouteKeyOf<F extends HttpFunction> = KeyOf<Extract<DeclaredRoute, { readonly function: F }>>;

/** Paths of the routes that one Lambda answers. */
export type RoutePathOf<F extends HttpFunction> = Extract<DeclaredRoute, { readonly function: F }>['path'];
