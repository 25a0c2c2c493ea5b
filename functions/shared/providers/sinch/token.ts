import { setTimeout as delay } from 'node:timers/promises';
import { readJson } from '../../domain/read-json.ts';
import type { SinchApiSecrets } from '../../domain/secrets.ts';
import { type CallOutcome, callOnce, retryAfterSeconds } from '../../network/http-call.ts';
import type { SendOutcome } from '../provider.ts';
import { toSecretsFailure } from '../secret-source.ts';
import { AccessToken } from './schema.ts';

export interface TokenDeps {
  /** The full URL of the OAuth2 token endpoint. */
  readonly authUrl: string;
  readonly secrets: () => Promise<SinchApiSecrets>;
  readonly now: () => Date;
  readonly sleep?: ((ms: number) => Promise<unknown>) | undefined;
  readonly random?: (() => number) | undefined;
}

/** A token, or the outcome of a send without one: nothing was sent. */
export type TokenOutcome =
  | { readonly kind: 'token'; readonly token: string }
  | Extract<SendOutcome, { readonly kind: 'rejected' | 'unavailable' }>;

export interface TokenSource {
  /** Returns a token that is valid for at least another minute; concurrent callers share one request. */
  readonly get: () => Promise<TokenOutcome>;
  /** Discards a token that the API refused, unless a newer one has replaced it. */
  readonly invalidate: (token: string) => void;
}

const EARLY_MS = 60_000;
export const TOKEN_TIMEOUT_MS = 3_000;

/** Upper bounds of the pauses after a 429, which has no `Retry-After`: Sinch allows a burst of 30 requests and 10 a second. */
const PAUSES_MS = [250, 1_000];

const unavailable = (code: string, seconds?: number): TokenOutcome => ({
  kind: 'unavailable',
  error: { code, title: 'Sinch issued no access token', class: code === 'http_429' ? 'retry_later' : 'retry_now' },
  retryAfterSeconds: seconds,
});

const toFailure = (answer: CallOutcome): TokenOutcome => {
  if (answer.kind !== 'answered') return unavailable(answer.code);
  const code = `http_${answer.status}`;
  if (![400, 401, 403].includes(answer.status)) return unavailable(code, retryAfterSeconds(answer.headers));
  return { kind: 'rejected', error: { code, title: 'Sinch refused the access key', class: 'alert' } };
};

const parseToken = (answer: CallOutcome): AccessToken | undefined =>
  answer.kind === 'answered' && answer.status === 200 ? readJson(answer.text, AccessToken) : undefined;

const isRateLimited = (answer: CallOutcome): boolean => answer.kind === 'answered' && answer.status === 429;

const requestToken = async ({ authUrl, secrets }: TokenDeps): Promise<CallOutcome> => {
  const { keyId, keySecret } = await secrets();
  const credentials = Buffer.from(`${keyId}:${keySecret}`).toString('base64');
  return callOnce({
    url: authUrl,
    headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
    timeoutMs: TOKEN_TIMEOUT_MS,
  });
};

/** Retries a 429 twice, with full jitter. */
const requestWithRetries = async (deps: TokenDeps): Promise<CallOutcome> => {
  const { sleep = delay, random = Math.random } = deps;
  let answer = await requestToken(deps);
  for (const pauseMs of PAUSES_MS) {
    if (!isRateLimited(answer)) break;
    await sleep(random() * pauseMs);
    answer = await requestToken(deps);
  }
  return answer;
};

/** Caches the access token of one account; failures are not cached. */
export const createTokenSource = (deps: TokenDeps): TokenSource => {
  let cached: { readonly token: string; readonly freshUntilMs: number } | undefined;
  let pending: Promise<TokenOutcome> | undefined;

  const refresh = async (): Promise<TokenOutcome> => {
    const requestedAtMs = deps.now().getTime();
    const answer = await requestWithRetries(deps);
    const parsed = parseToken(answer);
    if (parsed === undefined) return toFailure(answer);
    cached = { token: parsed.access_token, freshUntilMs: requestedAtMs + parsed.expires_in * 1000 - EARLY_MS };
    return { kind: 'token', token: parsed.access_token };
  };

  return {
    get: () => {
      if (cached !== undefined && deps.now().getTime() < cached.freshUntilMs)
        return Promise.resolve({ kind: 'token', token: cached.token });
      pending ??= refresh()
        .catch(toSecretsFailure)
        .finally(() => {
          pending = undefined;
        });
      return pending;
    },
    invalidate: (token) => {
      if (cached?.token === token) cached = undefined;
    },
  };
};

/** Calls with a token, and after a 401, which had no effect, once more with a new one; without a token the call is not made. */
export const callWithToken = async <Uncalled extends { readonly kind: string } = never>(
  tokens: TokenSource,
  call: (authorization: string) => Promise<CallOutcome | Uncalled>,
): Promise<CallOutcome | Uncalled | Exclude<TokenOutcome, { kind: 'token' }>> => {
  const current = await tokens.get();
  if (current.kind !== 'token') return current;
  const answer = await call(`Bearer ${current.token}`);
  if (!('status' in answer) || answer.status !== 401) return answer;
  tokens.invalidate(current.token);
  const fresh = await tokens.get();
  return fresh.kind === 'token' ? call(`Bearer ${fresh.token}`) : fresh;
};
