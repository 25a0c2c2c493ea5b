import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { HttpEvent, HttpResponse } from '../../../functions/shared/http/handler.ts';
import { json } from '../../../functions/shared/http/respond.ts';
import { ClaimsRequest, hasKnownScopes } from './claims-request.ts';
import { LOCAL_PAGE } from './token-issuer.ts';

/** The only person of the local run: no one has to type a password. */
const PERSON = { username: 'local-agent', groups: ['operator'] };

const AuthorizeRequest = ClaimsRequest.extend({
  client_id: z.literal(LOCAL_PAGE.id),
  response_type: z.literal('code'),
  redirect_uri: z.url(),
  state: z.string().min(1),
  code_challenge: z.string().min(43).max(128),
  code_challenge_method: z.literal('S256'),
});

/** What was agreed on when a code was given out. */
interface Agreed {
  readonly claims: ClaimsRequest;
  readonly challenge: string;
  readonly redirectUri: string;
}

const CodeExchange = z.object({ code: z.string(), code_verifier: z.string(), redirect_uri: z.string() });
const Refresh = z.object({ refresh_token: z.string() });

const fits = ({ challenge, redirectUri }: Agreed, exchange: z.infer<typeof CodeExchange>): boolean =>
  createHash('sha256').update(exchange.code_verifier).digest('base64url') === challenge &&
  exchange.redirect_uri === redirectUri;

/** Hosted sign-in without a form: authorization code with PKCE, and refresh tokens, for the page at an origin. */
export const createSignIn = (origin: string) => {
  const codes = new Map<string, Agreed>();
  const refreshable = new Map<string, ClaimsRequest>();
  const refreshTokenFor = (claims: ClaimsRequest): string => {
    const token = randomUUID();
    refreshable.set(token, claims);
    return token;
  };
  return {
    /** Sends the browser back to the page with a code; refuses a request that the page does not make. */
    authorize: (event: HttpEvent): HttpResponse => {
      const request = AuthorizeRequest.safeParse(event.queryStringParameters ?? {}).data;
      if (request === undefined || !hasKnownScopes(request)) return json(400, { error: 'invalid_request' });
      const { redirect_uri: redirectUri, code_challenge: challenge, state, ...claims } = request;
      if (new URL(redirectUri).origin !== origin) return json(400, { error: 'redirect_mismatch' });
      const code = randomUUID();
      codes.set(code, { claims: { ...PERSON, ...claims }, challenge, redirectUri });
      const location = `${redirectUri}?${new URLSearchParams({ code, state }).toString()}`;
      return { statusCode: 302, headers: { location, 'cache-control': 'no-store' } };
    },
    /** The claims that a code is exchanged for; each code works once, with the verifier of its challenge. */
    redeemCode: (form: object): { claims: ClaimsRequest; refreshToken: string } | undefined => {
      const exchange = CodeExchange.safeParse(form).data;
      const agreed = exchange === undefined ? undefined : codes.get(exchange.code);
      if (exchange === undefined || agreed === undefined) return undefined;
      codes.delete(exchange.code);
      return fits(agreed, exchange)
        ? { claims: agreed.claims, refreshToken: refreshTokenFor(agreed.claims) }
        : undefined;
    },
    redeemRefresh: (form: object): ClaimsRequest | undefined => {
      const request = Refresh.safeParse(form).data;
      return request === undefined ? undefined : refreshable.get(request.refresh_token);
    },
  };
};
export type SignIn = ReturnType<typeof createSignIn>;
