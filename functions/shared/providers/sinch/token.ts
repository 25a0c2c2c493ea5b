import { setTimeout as delay } from 'node:timers/promises';
import type { SinchSecrets } from '../../domain/config.ts';
import { readJson } from '../../domain/read-json.ts';
import { type CallOutcome, callOnce, retryAfterSeconds } from '../../network/http-call.ts';
import type { SendOutcome } from '../provider.ts';
import { toSecretsFailure } from '../secret-source.ts';
import { AccessToken } from './schema.ts';

export interface TokenDeps {
  /** The full URL of the OAuth2 token endpoint. */
  readonly authUrl: string;
  readonly secrets: () => Promise<SinchSecrets>;
  readonly now: () => Date;
  readonly sleep?: ((ms: number) => Promise<unknown>) | undefined;
  readonly random?: (() => number) | undefined;
}

/** A token, or what its absence means for the send: without one nothing has reached the provider. */
export type TokenOutcome =
  | { readonly kind: 'token'; readonly token: string }
  | Extract<SendOutcome, { readonly kind: 'rejected' | 'unavailable' }>;

export interface TokenSource {
  /** Gives a token that is good for another minute; concurrent callers share one request for it. */
  readonly get: () => Promise<TokenOutcome>;
  /** Forgets a token that the API refused, unless a newer one has taken its place. */
  readonly invalidate: (token: string) => void;
}

const EARLY_MS = 60_000;
const TIMEOUT_MS = 3_000;

/** Upper bounds of the pauses after a 429: Sinch's bucket of 30 refills 10 a second and sends no `Retry-After`. */
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

const ask = async ({ authUrl, secrets }: TokenDeps): Promise<CallOutcome> => {
  const { keyId, keySecret } = await secrets();
  const credentials = Buffer.from(`${keyId}:${keySecret}`).toString('base64');
  return callOnce({
    url: authUrl,
    headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
    timeoutMs: TIMEOUT_MS,
  });
};

/** Asks up to three times while the answer is 429, with full jitter. */
const askPatiently = async (deps: TokenDeps): Promise<CallOutcome> => {
  const { sleep = delay, random = Math.random } = deps;
  let answer = await ask(deps);
  for (const pauseMs of PAUSES_MS) {
    if (!isRateLimited(answer)) break;
    await sleep(random() * pauseMs);
    answer = await ask(deps);
  }
  return answer;
};

/** Holds the access token of one account; failures are never kept. */
export const createTokenSource = (deps: TokenDeps): TokenSource => {
  let held: { readonly token: string; readonly freshUntilMs: number } | undefined;
  let underWay: Promise<TokenOutcome> | undefined;

  const refresh = async (): Promise<TokenOutcome> => {
    const askedAtMs = deps.now().getTime();
    const answer = await askPatiently(deps);
    const parsed = parseToken(answer);
    if (parsed === undefined) return toFailure(answer);
    held = { token: parsed.access_token, freshUntilMs: askedAtMs + parsed.expires_in * 1000 - EARLY_MS };
    return { kind: 'token', token: parsed.access_token };
  };

  return {
    get: () => {
      if (held !== undefined && deps.now().getTime() < held.freshUntilMs)
        return Promise.resolve({ kind: 'token', token: held.token });
      underWay ??= refresh()
        .catch(toSecretsFailure)
        .finally(() => {
          underWay = undefined;
        });
      return underWay;
    },
    invalidate: (token) => {
      if (held?.token === token) held = undefined;
    },
  };
};

/** Calls with the token held and, since a 401 has done nothing, once more with a fresh one; without a token not at all. */
export const callWithToken = async (
  tokens: TokenSource,
  call: (authorization: string) => Promise<CallOutcome>,
): Promise<CallOutcome | Exclude<TokenOutcome, { kind: 'token' }>> => {
  const held = await tokens.get();
  if (held.kind !== 'token') return held;
  const answer = await call(`Bearer ${held.token}`);
  if (answer.kind !== 'answered' || answer.status !== 401) return answer;
  tokens.invalidate(held.token);
  const fresh = await tokens.get();
  return fresh.kind === 'token' ? call(`Bearer ${fresh.token}`) : fresh;
};
