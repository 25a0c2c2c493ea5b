/** The Lambdas that answer HTTP calls; each name is its folder under `functions/`. */
export type HttpFunction = 'inbound-webhook' | 'media' | 'outbound-send' | 'sessions-api' | 'template-sync';

/** What an access token allows: to read, to write to customers and record what they say, to administer. */
export const SCOPES = ['read', 'send', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** What the names of all scopes begin with; to Cognito, the id of the resource server. */
export const SCOPE_PREFIX = 'carewindow';

/** The name of a scope in a token. */
export const toScopeName = (scope: Scope): string => `${SCOPE_PREFIX}/${scope}`;

/** The names of all scopes. */
export const SCOPE_NAMES: readonly string[] = SCOPES.map(toScopeName);

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** API Gateway's notation, `{name}` for a path parameter. */
  readonly path: string;
  readonly function: HttpFunction;
  /**
   * `signature`: public, the provider's signature authorizes the call. Else AWS Signature Version 4, or, below
   * {@link OAUTH_ROOT}, an access token with this scope.
   */
  readonly auth: 'signature' | Scope;
}

/** Every route of the service: read by the API construct, the local front, the OpenAPI generator and, as types, the Lambdas. */
export const ROUTES = [
  { method: 'GET', path: '/webhooks/meta/{account}', function: 'inbound-webhook', auth: 'signature' },
  { method: 'POST', path: '/webhooks/meta/{account}', function: 'inbound-webhook', auth: 'signature' },
  { method: 'POST', path: '/webhooks/sinch/{account}', function: 'inbound-webhook', auth: 'signature' },
  { method: 'POST', path: '/v1/messages', function: 'outbound-send', auth: 'send' },
  { method: 'POST', path: '/v1/messages/check', function: 'outbound-send', auth: 'read' },
  { method: 'GET', path: '/v1/messages/{id}', function: 'sessions-api', auth: 'read' },
  { method: 'POST', path: '/v1/messages/{id}/resolve', function: 'sessions-api', auth: 'admin' },
  { method: 'GET', path: '/v1/channels', function: 'sessions-api', auth: 'read' },
  { method: 'GET', path: '/v1/channels/{channel}/messages', function: 'sessions-api', auth: 'read' },
  {
    method: 'GET',
    path: '/v1/channels/{channel}/customers/{customer}/session',
    function: 'sessions-api',
    auth: 'read',
  },
  {
    method: 'POST',
    path: '/v1/channels/{channel}/customers/{customer}/session/take',
    function: 'outbound-send',
    auth: 'send',
  },
  {
    method: 'POST',
    path: '/v1/channels/{channel}/customers/{customer}/session/release',
    function: 'outbound-send',
    auth: 'send',
  },
  {
    method: 'GET',
    path: '/v1/channels/{channel}/customers/{customer}/messages',
    function: 'sessions-api',
    auth: 'read',
  },
  {
    method: 'POST',
    path: '/v1/channels/{channel}/customers/{customer}/messages/{id}/read',
    function: 'outbound-send',
    auth: 'send',
  },
  {
    method: 'GET',
    path: '/v1/channels/{channel}/customers/{customer}/messages/{id}/media',
    function: 'media',
    auth: 'read',
  },
  {
    method: 'GET',
    path: '/v1/channels/{channel}/customers/{customer}/events',
    function: 'sessions-api',
    auth: 'read',
  },
  {
    method: 'GET',
    path: '/v1/channels/{channel}/customers/{customer}/export',
    function: 'sessions-api',
    auth: 'read',
  },
  { method: 'POST', path: '/v1/channels/{channel}/media', function: 'media', auth: 'send' },
  { method: 'GET', path: '/v1/channels/{channel}/sessions', function: 'sessions-api', auth: 'read' },
  { method: 'POST', path: '/v1/channels/{channel}/sessions/query', function: 'sessions-api', auth: 'read' },
  {
    method: 'GET',
    path: '/v1/channels/{channel}/customers/{customer}/consent',
    function: 'sessions-api',
    auth: 'read',
  },
  {
    method: 'PUT',
    path: '/v1/channels/{channel}/customers/{customer}/consent',
    function: 'sessions-api',
    auth: 'send',
  },
  { method: 'PUT', path: '/v1/channels/{channel}/consents', function: 'sessions-api', auth: 'admin' },
  { method: 'GET', path: '/v1/channels/{channel}/customers/{customer}', function: 'sessions-api', auth: 'read' },
  { method: 'DELETE', path: '/v1/channels/{channel}/customers/{customer}', function: 'sessions-api', auth: 'admin' },
  { method: 'GET', path: '/v1/channels/{channel}/deliveries', function: 'sessions-api', auth: 'read' },
  { method: 'POST', path: '/v1/channels/{channel}/deliveries/test', function: 'sessions-api', auth: 'admin' },
  { method: 'POST', path: '/v1/channels/{channel}/deliveries/resend', function: 'sessions-api', auth: 'admin' },
  { method: 'GET', path: '/v1/channels/{channel}/usage', function: 'sessions-api', auth: 'read' },
  { method: 'GET', path: '/v1/channels/{channel}/templates', function: 'sessions-api', auth: 'read' },
  { method: 'POST', path: '/v1/channels/{channel}/templates/sync', function: 'template-sync', auth: 'admin' },
] as const satisfies readonly Route[];

/** Brings calls that match no declared route, such as HEAD, to the Lambda that answers every GET of the path or prefix. */
export interface CatchAll {
  readonly method: 'ANY';
  /** A prefix that ends in `{proxy+}`, or a path whose GET another Lambda answers. */
  readonly path: string;
  readonly function: HttpFunction;
  /** `caller`: as the API's routes, with any scope. */
  readonly auth: 'signature' | 'caller';
}

export const CATCH_ALLS: readonly CatchAll[] = [
  { method: 'ANY', path: '/webhooks/{proxy+}', function: 'inbound-webhook', auth: 'signature' },
  { method: 'ANY', path: '/v1/{proxy+}', function: 'sessions-api', auth: 'caller' },
  {
    method: 'ANY',
    path: '/v1/channels/{channel}/customers/{customer}/messages/{id}/media',
    function: 'media',
    auth: 'caller',
  },
];

export const isPublic = ({ auth }: Route | CatchAll): boolean => auth === 'signature';

/** Below it the API is called with an access token: every route that is not public exists a second time there. */
export const OAUTH_ROOT = '/oauth';

/** Below it the console's files are served; the page itself is at `/`. */
export const CONSOLE_ROOT = '/console';

/** The paths of the console, public: the page holds no secret, and its calls carry the access token of its user. */
export const CONSOLE_PATHS = ['/', `${CONSOLE_ROOT}/{proxy+}`] as const;

type DeclaredRoute = (typeof ROUTES)[number];

type KeyOf<R> = R extends Route ? `${R['method']} ${R['path']}` : never;

/** API Gateway's key of a route, such as `POST /v1/messages`. */
export type RouteKey = KeyOf<DeclaredRoute>;

/** Keys of the routes that one Lambda answers. */
export type RouteKeyOf<F extends HttpFunction> = KeyOf<Extract<DeclaredRoute, { readonly function: F }>>;

/** Paths of the routes that one Lambda answers. */
export type RoutePathOf<F extends HttpFunction> = Extract<DeclaredRoute, { readonly function: F }>['path'];
