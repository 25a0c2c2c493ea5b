import * as z from 'zod';
import type { HttpEvent, HttpResponse } from '../../../functions/shared/http/handler.ts';
import { rawBody } from '../../../functions/shared/http/request.ts';
import { json } from '../../../functions/shared/http/respond.ts';
import type { FrontRoute } from '../route-match.ts';
import { LOCAL_CLIENT, type TokenIssuer } from './token-issuer.ts';

const ISSUER_PATH = '/_local/oauth2';
export const TOKEN_PATH = `${ISSUER_PATH}/token`;

/** The issuer of the local run that listens at a URL. */
export const issuerUrlAt = (origin: string): string => `${origin}${ISSUER_PATH}`;

const SCOPES = ['carewindow/read', 'carewindow/send', 'carewindow/admin'];

const list = z.string().transform((text) => text.split(/[ ,]+/).filter(Boolean));

const TokenRequest = z.object({
  client_id: z.string(),
  client_secret: z.string(),
  grant_type: z.string(),
  scope: list.optional(),
  // What a real issuer takes from its own records.
  username: z.string().optional(),
  groups: list.optional(),
  channels: list.optional(),
  lifetime_seconds: z.coerce.number().int().min(-86_400).max(86_400).default(3_600),
});
type TokenRequest = z.infer<typeof TokenRequest>;

const basicAuth = ({ headers }: HttpEvent): object => {
  const encoded = /^Basic (?<encoded>\S+)$/i.exec(headers['authorization'] ?? '')?.groups?.['encoded'];
  if (encoded === undefined) return {};
  const [client_id, ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { client_id, client_secret: secret.join(':') };
};

const readForm = (event: HttpEvent): TokenRequest | undefined => {
  const form = Object.fromEntries(new URLSearchParams(Buffer.from(rawBody(event)).toString('utf8')));
  return TokenRequest.safeParse({ ...form, ...basicAuth(event) }).data;
};

/** The error of RFC 6749, section 5.2, if there is one. */
const errorIn = (request: TokenRequest | undefined): string | undefined => {
  if (request === undefined) return 'invalid_request';
  if (request.client_id !== LOCAL_CLIENT.id || request.client_secret !== LOCAL_CLIENT.secret) return 'invalid_client';
  if (request.grant_type !== 'client_credentials') return 'unsupported_grant_type';
  return request.scope?.every((scope) => SCOPES.includes(scope)) === false ? 'invalid_scope' : undefined;
};

const claimsOf = ({ client_id, scope = SCOPES, username, groups, channels }: TokenRequest) => ({
  sub: username ?? client_id,
  client_id,
  token_use: 'access',
  scope: scope.join(' '),
  ...(username === undefined ? {} : { username }),
  ...(groups === undefined ? {} : { 'cognito:groups': groups }),
  ...(channels === undefined ? {} : { carewindow_channels: channels }),
});

const issue = async ({ sign }: TokenIssuer, event: HttpEvent): Promise<HttpResponse> => {
  const request = readForm(event);
  const error = errorIn(request);
  if (request === undefined || error !== undefined) return json(400, { error });
  const { lifetime_seconds: lifetimeSeconds } = request;
  const token = await sign(claimsOf(request), lifetimeSeconds);
  return json(200, { access_token: token, expires_in: lifetimeSeconds, token_type: 'Bearer' });
};

/** The simulated OAuth 2.0 issuer: token endpoint, its metadata and its public keys. */
export const tokenRoutes = (issuer: TokenIssuer): readonly FrontRoute[] => {
  const { url } = issuer;
  return [
    { method: 'POST', path: TOKEN_PATH, handler: (event) => issue(issuer, event) },
    {
      method: 'GET',
      path: `${ISSUER_PATH}/.well-known/openid-configuration`,
      handler: async () =>
        json(200, { issuer: url, token_endpoint: `${url}/token`, jwks_uri: `${url}/.well-known/jwks.json` }),
    },
    {
      method: 'GET',
      path: `${ISSUER_PATH}/.well-known/jwks.json`,
      handler: async () => json(200, await issuer.publicKeys()),
    },
  ];
};
