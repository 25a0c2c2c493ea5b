import * as z from 'zod';
import type { HttpEvent, HttpResponse } from '../../../functions/shared/http/handler.ts';
import { rawBody } from '../../../functions/shared/http/request.ts';
import { json } from '../../../functions/shared/http/respond.ts';
import type { FrontRoute } from '../route-match.ts';
import { ClaimsRequest, claimsOf, hasKnownScopes } from './claims-request.ts';
import type { SignIn } from './sign-in.ts';
import { LOCAL_CLIENT, LOCAL_PAGE, type TokenIssuer } from './token-issuer.ts';
import { AUTHORIZE_PATH, KEYS_PATH, METADATA_PATH, TOKEN_PATH } from './token-paths.ts';

const TokenRequest = ClaimsRequest.extend({ client_secret: z.string().optional(), grant_type: z.string() });
type TokenRequest = z.infer<typeof TokenRequest>;

/** What a token is signed with; or the error of RFC 6749, section 5.2. */
type Decision = { readonly claims: ClaimsRequest; readonly refreshToken?: string } | { readonly error: string };

const basicAuth = ({ headers }: HttpEvent): object => {
  const encoded = /^Basic (?<encoded>\S+)$/i.exec(headers['authorization'] ?? '')?.groups?.['encoded'];
  if (encoded === undefined) return {};
  const [client_id, ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { client_id, client_secret: secret.join(':') };
};

const readForm = (event: HttpEvent): object => ({
  ...Object.fromEntries(new URLSearchParams(Buffer.from(rawBody(event)).toString('utf8'))),
  ...basicAuth(event),
});

/** A system with its secret. */
const decideSystem = (request: TokenRequest): Decision => {
  const { client_id: id, client_secret: secret, grant_type: grantType } = request;
  if (id !== LOCAL_CLIENT.id || secret !== LOCAL_CLIENT.secret) return { error: 'invalid_client' };
  if (grantType !== 'client_credentials') return { error: 'unsupported_grant_type' };
  return hasKnownScopes(request) ? { claims: request } : { error: 'invalid_scope' };
};

/** A person in the page, which has no secret. */
const decidePerson = (signIn: SignIn, { grant_type: grantType }: TokenRequest, form: object): Decision => {
  if (grantType === 'authorization_code') return signIn.redeemCode(form) ?? { error: 'invalid_grant' };
  if (grantType !== 'refresh_token') return { error: 'unsupported_grant_type' };
  const claims = signIn.redeemRefresh(form);
  return claims === undefined ? { error: 'invalid_grant' } : { claims };
};

const decide = (signIn: SignIn, form: object): Decision => {
  const request = TokenRequest.safeParse(form).data;
  if (request === undefined) return { error: 'invalid_request' };
  return request.client_id === LOCAL_PAGE.id ? decidePerson(signIn, request, form) : decideSystem(request);
};

const issue = async ({ sign }: TokenIssuer, signIn: SignIn, event: HttpEvent): Promise<HttpResponse> => {
  const decision = decide(signIn, readForm(event));
  if ('error' in decision) return json(400, { error: decision.error });
  const { claims, refreshToken } = decision;
  const { lifetime_seconds: lifetimeSeconds } = claims;
  return json(200, {
    access_token: await sign(claimsOf(claims), lifetimeSeconds),
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    expires_in: lifetimeSeconds,
    token_type: 'Bearer',
  });
};

/** The simulated OAuth 2.0 issuer: sign-in, token endpoint, its metadata and its public keys. */
export const tokenRoutes = (issuer: TokenIssuer, signIn: SignIn): readonly FrontRoute[] => {
  const { url } = issuer;
  const metadata = {
    issuer: url,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    jwks_uri: `${url}/.well-known/jwks.json`,
    code_challenge_methods_supported: ['S256'],
  };
  return [
    { method: 'GET', path: AUTHORIZE_PATH, handler: async (event) => signIn.authorize(event) },
    { method: 'POST', path: TOKEN_PATH, handler: (event) => issue(issuer, signIn, event) },
    { method: 'GET', path: METADATA_PATH, handler: async () => json(200, metadata) },
    { method: 'GET', path: KEYS_PATH, handler: async () => json(200, await issuer.publicKeys()) },
  ];
};
