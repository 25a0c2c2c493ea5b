import { generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { type Answer, aLocalService, type Sent } from '../../support/local.ts';

const CUSTOMER = '+15551234567';
const SESSION = `/v1/channels/support/customers/${CUSTOMER}/session`;
const A_TEXT = { channel: 'support', to: CUSTOMER, content: { type: 'text', text: 'How can we help?' } };
const CLIENT = { grant_type: 'client_credentials', client_id: 'local-client', client_secret: 'local-secret' };

/** The local service, called with access tokens. */
const aService = async () => {
  const { call, ...service } = await aLocalService();
  const ask = (form: Record<string, string>, sent: Sent = {}) =>
    call('POST', '/_local/oauth2/token', { ...sent, body: new URLSearchParams(form).toString() });
  const tokenFor = async (form: Record<string, string> = {}): Promise<string> =>
    (await ask({ ...CLIENT, ...form })).body.access_token;
  const withToken = (method: string, path: string, token: string, body?: object): Promise<Answer> =>
    call(method, `/oauth${path}`, {
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body }),
    });
  return { ...service, call, ask, tokenFor, withToken };
};

const UNAUTHORIZED = { status: 401, text: '{"message":"Unauthorized"}' };

describe('the API with an access token', () => {
  it('answers as it does to a signed call', async () => {
    const { call, tokenFor, withToken, write } = await aService();
    const token = await tokenFor();
    await write({ channel: 'support', from: CUSTOMER, text: 'Hello' });

    const sent = await withToken('POST', '/v1/messages', token, A_TEXT);

    expect(sent).toMatchObject({ status: 201, body: { status: 'sent', session: { state: 'open' } } });
    const signed = await call('GET', `/v1/messages/${sent.body.id}`);
    expect((await withToken('GET', `/v1/messages/${sent.body.id}`, token)).body).toEqual(signed.body);
    expect(await withToken('HEAD', SESSION, token)).toMatchObject({ status: 200, text: '' });
    expect(await withToken('PUT', '/v1/messages', token)).toMatchObject({ status: 405 });
    expect(await withToken('GET', '/v1/nowhere', token)).toMatchObject({
      status: 404,
      body: { code: 'unknown_route' },
    });
    const { body } = await withToken('GET', '/v1/channels/support/usage', token);
    expect(body).toMatchObject({ mau: 1 });
  });

  it('answers 401 with the bytes of API Gateway without a token, and to one that is wrong', async () => {
    const { call, url, tokenFor, withToken } = await aService();
    const { privateKey } = await generateKeyPair('RS256');
    const sign = (issuer: string, kid: string) =>
      new SignJWT({ client_id: 'local-client', scope: 'carewindow/read' })
        .setProtectedHeader({ alg: 'RS256', kid })
        .setIssuer(issuer)
        .setExpirationTime('1h')
        .sign(privateKey);
    const ISSUER = `${url}/_local/oauth2`;

    const without = await call('GET', `/oauth${SESSION}`);
    expect(without).toMatchObject(UNAUTHORIZED);
    expect(without.headers.get('www-authenticate')).toBe('Bearer');
    expect(without.headers.get('content-type')).toBeNull();
    expect(without.headers.get('apigw-requestid')).toBeTruthy();
    expect(await call('HEAD', `/oauth${SESSION}`)).toMatchObject({ status: 401 });
    expect(await call('GET', '/oauth/v1/nowhere')).toMatchObject(UNAUTHORIZED);
    const expired = await withToken('GET', SESSION, await tokenFor({ lifetime_seconds: '-60' }));
    expect(expired).toMatchObject(UNAUTHORIZED);
    expect(expired.headers.get('www-authenticate')).toBe(
      'Bearer scope="" error="invalid_token" error_description="the token has expired"',
    );
    const [header = '', payload = ''] = (await tokenFor()).split('.');
    for (const token of [
      'token',
      await sign(ISSUER, 'another-key'),
      await sign(ISSUER, 'local-key-1'),
      `${header}.${payload}.`,
      `${Buffer.from('{"alg":"none","kid":"local-key-1"}').toString('base64url')}.${payload}.`,
    ])
      expect(await withToken('GET', SESSION, token), token).toMatchObject(UNAUTHORIZED);
  });

  it('judges a token by the machine’s clock, not by that of the service', async () => {
    const { clock, tokenFor, withToken } = await aService();
    const token = await tokenFor();

    await clock({ advanceSeconds: 30 * 86_400 });

    expect(await withToken('GET', SESSION, token)).toMatchObject({ status: 200 });
  });

  it('lets a reader who asks for every scope read, and not send', async () => {
    const { tokenFor, withToken } = await aService();
    const reader = await tokenFor({ username: 'ann', groups: 'reader' });
    const nobody = await tokenFor({ username: 'bob' });

    expect(await withToken('GET', SESSION, reader)).toMatchObject({ status: 200 });
    const refused = await withToken('POST', '/v1/messages', reader, A_TEXT);
    expect(refused).toMatchObject({ status: 403, body: { code: 'insufficient_scope', nextAction: 'fix_request' } });
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(refused.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope", scope="carewindow/send"');
    expect(await withToken('GET', SESSION, nobody)).toMatchObject({ status: 403 });
  });

  it('shows nothing of a channel that the token is not bound to', async () => {
    const { call, write, tokenFor, withToken, send } = await aService();
    await write({ channel: 'support', from: CUSTOMER, text: 'Hello' });
    const { body: sent } = await send('support', CUSTOMER);
    const token = await tokenFor({ channels: 'support-sinch' });

    expect(await withToken('GET', SESSION, token)).toMatchObject({ status: 404, body: { code: 'unknown_channel' } });
    expect(await withToken('POST', '/v1/messages', token, A_TEXT)).toMatchObject({
      status: 404,
      body: { code: 'unknown_channel' },
    });
    const unknown = await withToken('GET', `/v1/messages/msg_${'0'.repeat(26)}`, token);
    const foreign = await withToken('GET', `/v1/messages/${sent.id}`, token);
    expect(foreign.status).toBe(404);
    expect({ ...foreign.body, requestId: '' }).toEqual({ ...unknown.body, requestId: '' });
    expect(await withToken('POST', `/v1/messages/${sent.id}/resolve`, token, { outcome: 'sent' })).toMatchObject({
      status: 404,
    });
    expect(await withToken('GET', SESSION.replace('support', 'support-sinch'), token)).toMatchObject({ status: 200 });
    expect((await call('GET', `/v1/messages/${sent.id}`)).status).toBe(200);
  });
});

describe('the local token endpoint', () => {
  it('takes the client as form or as Basic, publishes its keys, and answers the errors of RFC 6749', async () => {
    const { ask, call, url, tokenFor } = await aService();
    const basic = { authorization: `Basic ${Buffer.from('local-client:local-secret').toString('base64')}` };

    expect(await ask({ grant_type: 'client_credentials' }, { headers: basic })).toMatchObject({
      status: 200,
      body: { access_token: expect.any(String), expires_in: 3_600, token_type: 'Bearer' },
    });
    expect(await ask({ ...CLIENT, client_secret: 'guess' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_client' },
    });
    expect(await ask({ ...CLIENT, scope: 'carewindow/all' })).toMatchObject({ body: { error: 'invalid_scope' } });
    expect(await ask({ ...CLIENT, grant_type: 'password' })).toMatchObject({
      body: { error: 'unsupported_grant_type' },
    });
    expect(await ask({})).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    const metadata = await call('GET', '/_local/oauth2/.well-known/openid-configuration');
    expect(metadata.body.issuer).toBe(`${url}/_local/oauth2`);
    const [key] = (await call('GET', new URL(metadata.body.jwks_uri).pathname)).body.keys;
    expect(key).toMatchObject({ kty: 'RSA', use: 'sig' });
    expect(key).not.toHaveProperty('d');
    const [header = ''] = (await tokenFor()).split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'RS256', kid: key.kid });
  });
});
