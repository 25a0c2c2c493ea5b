import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createTokenSource, type TokenDeps } from '../../../../functions/shared/providers/sinch/token.ts';
import { json, type ProviderServer, type ReceivedCall, SINCH_SECRETS, startProvider } from '../../../support/sinch.ts';

let provider: ProviderServer | undefined;
afterEach(async () => {
  await provider?.close();
  provider = undefined;
});

type Answer = (response: ServerResponse, count: number, call: ReceivedCall) => void;

const issue: Answer = (response, count) =>
  json(response, 200, { access_token: `token-${count}`, expires_in: 3600, scope: '', token_type: 'bearer' });

const setUp = async (answer: Answer, deps: Partial<TokenDeps> = {}) => {
  const server = await startProvider((call, response, count) => answer(response, count, call));
  provider = server;
  const clock = { now: new Date('2026-11-20T09:00:00Z') };
  const pauses: number[] = [];
  const source = createTokenSource({
    authUrl: `${server.origin}/oauth2/token`,
    secrets: () => Promise.resolve(SINCH_SECRETS),
    now: () => clock.now,
    sleep: async (ms) => {
      pauses.push(ms);
    },
    random: () => 0.5,
    ...deps,
  });
  const advance = (seconds: number) => {
    clock.now = new Date(clock.now.getTime() + seconds * 1000);
  };
  return { source, advance, pauses, calls: server.calls };
};

describe('the access token of a Sinch account', () => {
  it('is asked for with the client credentials', async () => {
    const { source, calls } = await setUp(issue);

    expect(await source.get()).toEqual({ kind: 'token', token: 'token-1' });
    expect(calls).toMatchObject([
      {
        method: 'POST',
        url: '/oauth2/token',
        body: 'grant_type=client_credentials',
        headers: {
          authorization: `Basic ${Buffer.from('key-id:key-secret').toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
      },
    ]);
  });

  it('is kept until 60 s before it expires', async () => {
    const { source, advance } = await setUp(issue);
    await source.get();
    advance(3600 - 61);

    expect(await source.get()).toEqual({ kind: 'token', token: 'token-1' });
    advance(1);
    expect(await source.get()).toEqual({ kind: 'token', token: 'token-2' });
  });

  it('is asked for once by concurrent callers', async () => {
    const { source, calls } = await setUp(issue);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => source.get()));

    expect(new Set(outcomes.map((outcome) => outcome.kind === 'token' && outcome.token))).toEqual(new Set(['token-1']));
    expect(calls).toHaveLength(1);
  });

  it('is replaced after it was refused, once for all who were refused with it', async () => {
    const { source, calls } = await setUp(issue);
    await source.get();
    source.invalidate('token-1');

    expect(await source.get()).toEqual({ kind: 'token', token: 'token-2' });
    source.invalidate('token-1');
    expect(await source.get()).toEqual({ kind: 'token', token: 'token-2' });
    expect(calls).toHaveLength(2);
  });

  it('is asked for again after a 429, with full jitter', async () => {
    const { source, pauses } = await setUp((response, count, call) =>
      count < 3 ? json(response, 429, {}) : issue(response, count, call),
    );

    expect(await source.get()).toEqual({ kind: 'token', token: 'token-3' });
    expect(pauses).toEqual([125, 500]);
  });

  it('is given up after three 429s', async () => {
    const { source, calls } = await setUp((response) => json(response.setHeader('retry-after', '7'), 429, {}));

    expect(await source.get()).toEqual({
      kind: 'unavailable',
      error: { code: 'http_429', title: 'Sinch issued no access token', class: 'retry_later' },
      retryAfterSeconds: 7,
    });
    expect(calls).toHaveLength(3);
  });

  it.each([400, 401, 403])('is rejected for good under %i, which alerts', async (status) => {
    const { source } = await setUp((response) => json(response, status, { error: 'invalid_client' }));

    expect(await source.get()).toEqual({
      kind: 'rejected',
      error: { code: `http_${status}`, title: 'Sinch refused the access key', class: 'alert' },
    });
  });

  it.each([
    [500, 'oops'],
    [200, 'not json'],
    [200, '{"access_token":"","expires_in":3600}'],
    [200, '{"access_token":"x"}'],
  ])('is unavailable under %i %s', async (status, body) => {
    const { source } = await setUp((response) => json(response, status, body));

    expect(await source.get()).toMatchObject({ kind: 'unavailable', error: { code: `http_${status}` } });
  });

  it('is unavailable, never in doubt, when the connection breaks', async () => {
    const { source } = await setUp((response) => response.destroy());

    expect(await source.get()).toMatchObject({ kind: 'unavailable', error: { class: 'retry_now' } });
  });

  it('keeps no failure', async () => {
    const { source } = await setUp((response, count, call) =>
      count === 1 ? json(response, 500, '') : issue(response, count, call),
    );
    await source.get();

    expect(await source.get()).toEqual({ kind: 'token', token: 'token-2' });
  });

  it('keeps no failure to read the secrets either', async () => {
    let reads = 0;
    const { source } = await setUp(issue, {
      secrets: () => (++reads === 1 ? Promise.reject(new Error('no secrets')) : Promise.resolve(SINCH_SECRETS)),
    });

    expect(await source.get()).toMatchObject({ kind: 'unavailable', error: { code: 'secrets_Error' } });
    expect(await source.get()).toEqual({ kind: 'token', token: 'token-1' });
  });
});
