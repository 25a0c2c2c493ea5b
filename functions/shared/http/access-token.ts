import * as z from 'zod';
import type { HttpEvent } from './handler.ts';
import type { ProblemDetails } from './problem.ts';
import { OAUTH_ROOT, ROUTES, toScopeName } from './routes.ts';

/** What the access token of a call allows. */
export interface Grant {
  readonly scopes: ReadonlySet<string>;
  /** The only channels that exist for the caller. @default - all */
  readonly channels: readonly string[] | undefined;
}

const READER = [toScopeName('read')];
const AGENT = [...READER, toScopeName('send')];
const OPERATOR = [...AGENT, toScopeName('admin')];

/** What each group allows its members, who are people. */
const GROUPS = new Map([
  ['reader', READER],
  ['agent', AGENT],
  ['operator', OPERATOR],
]);

const Claims = z.object({ authorizer: z.object({ jwt: z.object({ claims: z.record(z.string(), z.string()) }) }) });

/** The values of a claim. API Gateway renders each claim as text, and a list as `[a b]`. */
const valuesOf = (claim = ''): readonly string[] => claim.split(/[\s,[\]]+/).filter(Boolean);

/** A Cognito access token of a user has a `username`; that of a system has none. */
const isPerson = (claims: Readonly<Record<string, string>>): boolean =>
  'username' in claims || 'cognito:groups' in claims;

/** A person has the scopes of the token that a group allows; a system has those of the token. */
const scopesOf = (claims: Readonly<Record<string, string>>): ReadonlySet<string> => {
  const carried = valuesOf(claims['scope'] ?? claims['scp']);
  if (!isPerson(claims)) return new Set(carried);
  const allowed = valuesOf(claims['cognito:groups']).flatMap((group) => GROUPS.get(group) ?? []);
  return new Set(carried.filter((scope) => allowed.includes(scope)));
};

/** What the token allows whose claims API Gateway has verified; without claims nothing. `undefined` outside {@link OAUTH_ROOT}. */
export const readGrant = ({ routeKey, requestContext }: HttpEvent): Grant | undefined => {
  if (!routeKey.includes(` ${OAUTH_ROOT}/`)) return undefined;
  const parsed = Claims.safeParse(requestContext);
  const claims = parsed.success ? parsed.data.authorizer.jwt.claims : {};
  const channels = claims['carewindow_channels'];
  return { scopes: scopesOf(claims), channels: channels === undefined ? undefined : valuesOf(channels) };
};

/** The same call by its route below `/v1`. */
export const withoutOAuthRoot = (event: HttpEvent): HttpEvent => {
  const { requestContext, routeKey } = event;
  const { http } = requestContext;
  const path = http.path.slice(OAUTH_ROOT.length);
  return {
    ...event,
    routeKey: routeKey.replace(OAUTH_ROOT, ''),
    requestContext: { ...requestContext, http: { ...http, path } },
  };
};

/** Refuses a call whose token lacks the scope of its route. */
export const checkScope = ({ scopes }: Grant, routeKey: string): ProblemDetails | undefined => {
  const route = ROUTES.find(({ method, path }) => `${method} ${path}` === routeKey);
  if (route === undefined || route.auth === 'signature') return undefined;
  const scope = toScopeName(route.auth);
  if (scopes.has(scope)) return undefined;
  return {
    code: 'insufficient_scope',
    detail: `This call needs an access token with the scope ${scope}, and for a person a group that allows it.`,
    headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
  };
};
