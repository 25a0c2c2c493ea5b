import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { aLocalService } from '../../support/local.ts';

const VERIFIER = 'a-verifier-that-is-long-enough-for-the-rules-of-pkce';
const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');

/** The local service, and the steps of the page's sign-in. */
const aSignIn = async () => {
  const service = await aLocalService();
  const { call, url } = service;
  const request = {
    response_type: 'code',
    client_id: 'local-page',
    redirect_uri: `${url}/`,
    scope: 'carewindow/read carewindow/send',
    state: 'the-state',
    code_challenge: challengeOf(VERIFIER),
    code_challenge_method: 'S256',
  };
  const authorize = async (changed: Record<string, string> = {}) => {
    const query = new URLSearchParams({ ...request, ...changed }).toString();
    const response = await fetch(`${url}/_local/oauth2/authorize?${query}`, { redirect: 'manual' });
    const location = response.headers.get('location');
    return { status: response.status, back: location === null ? undefined : new URL(location) };
  };
  const ask = (form: Record<string, string>) =>
    call('POST', '/_local/oauth2/token', {
      body: new URLSearchParams({ client_id: 'local-page', ...form }).toString(),
    });
  const exchange = (code: string, changed: Record<string, string> = {}) =>
    ask({ grant_type: 'authorization_code', code, code_verifier: VERIFIER, redirect_uri: `${url}/`, ...changed });
  const aCode = async () => (await authorize()).back?.searchParams.get('code') ?? '';
  return { ...service, authorize, ask, exchange, aCode };
};

describe('sign-in of the local page', () => {
  it('gives a code, and for it once a token with which the API answers, and one to refresh it', async () => {
    const { call, url, authorize, ask, exchange } = await aSignIn();

    const { status, back } = await authorize();
    expect(status).toBe(302);
    expect(back?.origin).toBe(url);
    expect(back?.searchParams.get('state')).toBe('the-state');
    const code = back?.searchParams.get('code') ?? '';

    const { body: tokens } = await exchange(code);
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    expect(await call('GET', '/oauth/v1/channels', { headers })).toMatchObject({ status: 200 });
    expect(await exchange(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    const refreshed = await ask({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
    expect(refreshed).toMatchObject({ status: 200, body: { expires_in: 3600 } });
    expect(refreshed.body.refresh_token).toBeUndefined();
  });

  it('refuses a code without its verifier, for another page, and a client credential of the page', async () => {
    const { exchange, aCode, ask } = await aSignIn();

    for (const changed of [{ code_verifier: 'another' }, { redirect_uri: 'http://127.0.0.1:1/' }])
      expect(await exchange(await aCode(), changed)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await exchange('unknown')).toMatchObject({ body: { error: 'invalid_grant' } });
    expect(await ask({ grant_type: 'client_credentials' })).toMatchObject({
      status: 400,
      body: { error: 'unsupported_grant_type' },
    });
    expect(await ask({ grant_type: 'refresh_token', refresh_token: 'unknown' })).toMatchObject({
      body: { error: 'invalid_grant' },
    });
  });

  it('sends no one to another page, and refuses a request without PKCE', async () => {
    const { authorize } = await aSignIn();

    for (const changed of [
      { redirect_uri: 'https://example.net/' },
      { client_id: 'local-client' },
      { code_challenge_method: 'plain' },
      { scope: 'carewindow/everything' },
    ])
      expect(await authorize(changed)).toEqual({ status: 400, back: undefined });
  });
});

describe('the page of the local run', () => {
  it('is what a browser gets at /, with its configuration and assets beside it', async () => {
    const { call, url } = await aLocalService();

    const page = await call('GET', '/', { headers: { accept: 'text/html,*/*' } });

    expect(page).toMatchObject({ status: 200 });
    const [, asset = ''] = /src="(\/console\/assets\/[^"]+)"/.exec(page.text) ?? [];
    expect(await call('GET', asset)).toMatchObject({ status: 200 });
    expect((await call('GET', '/console/config.json')).body).toMatchObject({
      api: '/oauth',
      signIn: { authorizeUrl: `${url}/_local/oauth2/authorize`, clientId: 'local-page' },
    });
  });

  it('shows the time by which the service decides', async () => {
    const { call, clock } = await aLocalService();

    await clock({ now: '2027-02-03T04:05:06.000Z' });

    expect((await call('GET', '/console/config.json')).headers.get('date')).toMatch(/^Wed, 03 Feb 2027 04:05:0/);
  });
});
