import type { PageConfig } from '../../page-config.ts';
import { challengeOf, randomText } from './pkce.ts';
import { createSignOut } from './sign-out.ts';

type SignInConfig = PageConfig['signIn'];

/** The tokens of a user; kept in memory alone. */
interface Tokens {
  readonly access: string;
  readonly refresh?: string | undefined;
  /** By `performance.now()`, which no one can set. */
  readonly usableUntil: number;
}

/** What must survive the way to the sign-in page and back; it holds no token. */
interface Started {
  readonly state: string;
  readonly verifier: string;
  /** What the user looked at. */
  readonly hash: string;
}

const STARTED_KEY = 'carewindow.sign-in';

/** A token is replaced so long before it expires. */
const SPARE_MS = 60_000;

const redirectUri = (): string => `${location.origin}/`;

/** Leaves the page for the sign-in of the issuer, which comes back with a code. */
export const startSignIn = async ({ authorizeUrl, clientId, scope }: SignInConfig): Promise<never> => {
  const started: Started = { state: randomText(), verifier: randomText(), hash: location.hash };
  sessionStorage.setItem(STARTED_KEY, JSON.stringify(started));
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri(),
    scope,
    state: started.state,
    code_challenge: await challengeOf(started.verifier),
    code_challenge_method: 'S256',
  });
  location.replace(`${authorizeUrl}?${query.toString()}`);
  return new Promise(() => undefined);
};

const takeStarted = (): Started | undefined => {
  const text = sessionStorage.getItem(STARTED_KEY);
  sessionStorage.removeItem(STARTED_KEY);
  return text === null ? undefined : JSON.parse(text);
};

/** The issuer no longer answers with a token: the user must sign in anew. */
export class SignedOutError extends Error {
  override readonly name = 'SignedOutError';
}

const requestTokens = async ({ tokenUrl, clientId }: SignInConfig, form: Record<string, string>): Promise<Tokens> => {
  const askedAt = performance.now();
  const response = await fetch(tokenUrl, {
    method: 'POST',
    body: new URLSearchParams({ client_id: clientId, ...form }),
  });
  if (!response.ok) throw new SignedOutError(`the token endpoint answers ${response.status}`);
  const answer: { access_token: string; refresh_token?: string; expires_in: number } = await response.json();
  return {
    access: answer.access_token,
    refresh: answer.refresh_token ?? form['refresh_token'],
    usableUntil: askedAt + answer.expires_in * 1000 - SPARE_MS,
  };
};

/**
 * The tokens for the code with which the issuer sent the user back; `undefined` when the user comes from elsewhere. To begin
 * the sign-in again by itself would go round and round, since the issuer still knows the user.
 *
 * @throws an Error when the issuer sent the user back with a refusal, or gives no token for its code
 */
const redeemCode = async (config: SignInConfig): Promise<Tokens | undefined> => {
  const query = new URLSearchParams(location.search);
  const [code, state] = [query.get('code'), query.get('state')];
  if (code === null && !query.has('error')) return undefined;
  const started = takeStarted();
  history.replaceState(null, '', `/${started?.hash ?? ''}`);
  if (started === undefined || started.state !== state) return undefined;
  if (code === null) throw new SignedOutError('the issuer does not sign the user in');
  return requestTokens(config, {
    grant_type: 'authorization_code',
    code,
    code_verifier: started.verifier,
    redirect_uri: redirectUri(),
  });
};

/** What a token says of its user. It decides nothing: the service reads it too, and checks its signature. */
const userNameIn = (token: string): string => {
  const [, payload = ''] = token.split('.');
  const json = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
  const claims: { username?: string; sub?: string } = JSON.parse(json);
  return claims.username ?? claims.sub ?? '';
};

export interface Session {
  /** A token that is valid for a while. @throws a SignedOutError when there is none any more */
  readonly token: () => Promise<string>;
  /** Forgets a token that was refused. */
  readonly forget: (token: string) => void;
  /** Who is signed in, as the token names them. */
  readonly userName: () => string;
  /** Ends the session, here and at the issuer; `undefined` where the issuer has no address for it. */
  readonly signOut: (() => void) | undefined;
}

/** Signs the user in: with the code of the issuer, else by leaving the page for it. */
export const signIn = async (config: SignInConfig): Promise<Session> => {
  let tokens = await redeemCode(config);
  if (tokens === undefined) return startSignIn(config);
  let asked: Promise<string> | undefined;
  const refresh = async (): Promise<string> => {
    if (tokens?.refresh === undefined) throw new SignedOutError('there is no refresh token');
    tokens = await requestTokens(config, { grant_type: 'refresh_token', refresh_token: tokens.refresh });
    return tokens.access;
  };
  return {
    token: async () => {
      if (tokens !== undefined && performance.now() < tokens.usableUntil) return tokens.access;
      asked ??= refresh().finally(() => {
        asked = undefined;
      });
      return asked;
    },
    forget: (token) => {
      if (tokens?.access === token) tokens = { ...tokens, usableUntil: 0 };
    },
    userName: () => (tokens === undefined ? '' : userNameIn(tokens.access)),
    signOut: createSignOut(config, () => {
      tokens = undefined;
    }),
  };
};
