import { createLocalJWKSet, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import type { HttpEvent, HttpHandler, HttpResponse } from '../../../functions/shared/http/handler.ts';
import { LOCAL_CLIENT, LOCAL_PAGE, type TokenIssuer } from './token-issuer.ts';

/** API Gateway's own answer: it names no content type. */
const unauthorized = (authenticate: string): HttpResponse => ({
  statusCode: 401,
  headers: { 'www-authenticate': authenticate },
  body: '{"message":"Unauthorized"}',
});

const invalid = (description: string): HttpResponse =>
  unauthorized(`Bearer scope="" error="invalid_token" error_description="${description}"`);

/** A claim as the event carries it: a list as `[a b]`, all else as text. */
const toText = (claim: unknown): string => {
  if (typeof claim === 'string') return claim;
  return Array.isArray(claim) ? `[${claim.join(' ')}]` : JSON.stringify(claim);
};

/** Whose tokens the local run accepts. */
const LOCAL_AUDIENCES: readonly string[] = [LOCAL_CLIENT.id, LOCAL_PAGE.id];

/** `client_id` counts where there is no `aud`. */
const isForUs = ({ aud, client_id: clientId }: JWTPayload, audiences: readonly string[]): boolean =>
  [aud ?? clientId].flat().some((audience) => audiences.some((accepted) => accepted === audience));

interface Accepted {
  readonly issuer: TokenIssuer;
  readonly audiences: readonly string[];
}

/** The claims of a valid token; what is wrong with another one, in the words of API Gateway where they are documented. */
const readClaims = async ({ issuer, audiences }: Accepted, token: string): Promise<JWTPayload | string> => {
  try {
    if (decodeProtectedHeader(token).kid === undefined) return 'the token does not name its key';
    const keys = createLocalJWKSet(await issuer.publicKeys());
    const { payload } = await jwtVerify(token, keys, { issuer: issuer.url, requiredClaims: ['exp'] });
    return isForUs(payload, audiences) ? payload : 'the token does not have a valid audience';
  } catch (error) {
    return error instanceof errors.JWTExpired ? 'the token has expired' : 'the token is not valid';
  }
};

const withClaims = (event: HttpEvent, payload: JWTPayload): HttpEvent => {
  const claims = Object.fromEntries(Object.entries(payload).map(([name, claim]) => [name, toText(claim)]));
  const authorizer = { jwt: { claims, scopes: null } };
  const requestContext = { ...event.requestContext, authorizer };
  return { ...event, requestContext };
};

/** Lets calls with a valid access token pass, as the JWT authorizer of an HTTP API does, by the machine's clock. */
export const createJwtAuthorizer =
  (issuer: TokenIssuer, audiences: readonly string[] = LOCAL_AUDIENCES) =>
  (handler: HttpHandler): HttpHandler =>
  async (event) => {
    const [token] = event.headers['authorization']?.replace(/^Bearer +/i, '').split(' ') ?? [];
    if (token === undefined || token === '') return unauthorized('Bearer');
    const claims = await readClaims({ issuer, audiences }, token);
    return typeof claims === 'string' ? invalid(claims) : handler(withClaims(event, claims));
  };
