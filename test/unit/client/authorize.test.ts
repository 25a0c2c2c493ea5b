import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bearer, clientCredentials, sigv4 } from '../../support/client.ts';

const AT = 'https://api.example.com';

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-20T12:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a signed call', () => {
  const sign = sigv4('eu-central-1', async () => ({
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    sessionToken: 'token',
  }));

  // The signatures are those of @smithy/signature-v4 5 for the same requests.
  it.each([
    [
      'GET',
      '/v1/channels/support/customers/%2B15551234567/session',
      undefined,
      '57927c5530fd39c1cb93fb3cc0a053d9cd304c4cf31b3cfec388408e2ec85327',
    ],
    [
      'GET',
      '/v1/channels/support/customers/US.1%20x/messages?limit=5&cursor=a%20b%2Bc',
      undefined,
      '25560ae1543e3af8d03cdcb440830c69b48b48282c737d65d9d21fe846a60675',
    ],
    [
      'POST',
      '/v1/messages',
      '{"channel":"support"}',
      '1d98c7ae7a92c40a7d25bf5e0127345d55e7c3dfae9efc1df81f030c23a4a905',
    ],
  ])('%s %s has the signature that AWS expects, and keeps its body', async (method, path, body, signature) => {
    const signed: Request = await sign(
      new Request(`${AT}${path}`, { method, ...(body === undefined ? {} : { body }) }),
    );

    expect(signed.headers.get('authorization')).toBe(
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261120/eu-central-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=${signature}`,
    );
    expect(signed.headers.get('x-amz-security-token')).toBe('token');
    expect(await signed.text()).toBe(body ?? '');
  });
});

describe('a call with an access token', () => {
  const authorizationOf = async (authorize: (request: Request) => Promise<Request>) =>
    (await authorize(new Request(AT))).headers.get('authorization');

  it('carries the token that is given, or asked for anew', async () => {
    let count = 0;
    const authorize = bearer(async () => {
      count += 1;
      return `t${count}`;
    });

    expect(await authorizationOf(bearer('t'))).toBe('Bearer t');
    expect(await authorizationOf(authorize)).toBe('Bearer t1');
    expect(await authorizationOf(authorize)).toBe('Bearer t2');
  });

  it('gets tokens by client credentials, and uses each until a minute before it expires', async () => {
    const asked: RequestInit[] = [];
    vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
      asked.push(init);
      return Response.json({ access_token: `t${asked.length}`, expires_in: 3_600, token_type: 'Bearer' });
    });
    const credentials = { tokenUrl: `${AT}/token`, clientId: 'crm', clientSecret: 's', scopes: ['read', 'send'] };
    const authorize = clientCredentials(credentials);

    expect(await Promise.all([authorizationOf(authorize), authorizationOf(authorize)])).toEqual([
      'Bearer t1',
      'Bearer t1',
    ]);
    vi.advanceTimersByTime(3_539_000);
    expect(await authorizationOf(authorize)).toBe('Bearer t1');
    vi.advanceTimersByTime(1_000);
    expect(await authorizationOf(authorize)).toBe('Bearer t2');
    expect(asked).toHaveLength(2);
    expect(asked[0]?.body).toEqual(
      new URLSearchParams({ grant_type: 'client_credentials', scope: 'carewindow/read carewindow/send' }),
    );
    expect(asked[0]?.headers).toEqual({ authorization: `Basic ${btoa('crm:s')}` });
  });

  it('fails with a sentence when the token endpoint refuses, and asks again at the next call', async () => {
    const answers = [new Response('', { status: 400 }), Response.json({ access_token: 't', expires_in: 60 })];
    vi.stubGlobal('fetch', async () => answers.shift());
    const authorize = clientCredentials({ tokenUrl: `${AT}/token`, clientId: 'crm', clientSecret: 'wrong' });

    await expect(authorizationOf(authorize)).rejects.toThrow(/^the token endpoint answers 400: check client id/);
    expect(await authorizationOf(authorize)).toBe('Bearer t');
  });
});
