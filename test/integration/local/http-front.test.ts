import { connect } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { HttpEvent, HttpHandler, HttpResponse } from '../../../functions/shared/http/handler.ts';
import { freePort } from '../../../infra/local/dynamodb-local.ts';
import { close, createFront, listen } from '../../../infra/local/http-front.ts';
import { callHttp, type Sent } from '../../support/local.ts';

/** A front whose handlers record their events. */
const aFront = async (
  respond: HttpHandler = async () => ({ statusCode: 200, body: 'done' }),
  catchAlls: readonly { readonly method: string; readonly path: string }[] = [],
) => {
  const events: HttpEvent[] = [];
  const handler: HttpHandler = (event) => {
    events.push(event);
    return respond(event);
  };
  const front = createFront({
    routes: [
      ...catchAlls.map((route) => ({ ...route, handler })),
      { method: 'POST', path: '/webhooks/meta/{account}', handler },
      { method: 'GET', path: '/v1/channels/{channel}/customers/{customer}/session', handler },
      { method: 'GET', path: '/v1/messages/{id}', handler },
    ],
    fallback: handler,
    now: () => new Date('2026-11-20T12:00:00.000Z'),
  });
  const port = await freePort();
  await listen(front, port);
  onTestFinished(() => close(front));
  return {
    events,
    port,
    call: (method: string, path: string, sent?: Sent) => callHttp(method, `http://127.0.0.1:${port}${path}`, sent),
  };
};

/** Writes a request byte for byte: clients normalise paths. */
const rawCall = (port: number, request: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });

describe('the event', () => {
  it('is that of an HTTP API for the request', async () => {
    const { call, events } = await aFront();

    await call('GET', '/v1/channels/support/customers/+15551234567/session?limit=5&limit=6&cursor=a%20b%2Bc', {
      headers: { 'X-Trace': 'abc', cookie: 'one=1; two=2', 'user-agent': 'tester' },
    });

    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      version: '2.0',
      routeKey: 'GET /v1/channels/{channel}/customers/{customer}/session',
      rawPath: '/v1/channels/support/customers/+15551234567/session',
      rawQueryString: 'limit=5&limit=6&cursor=a%20b%2Bc',
      queryStringParameters: { limit: '5,6', cursor: 'a b+c' },
      pathParameters: { channel: 'support', customer: '+15551234567' },
      cookies: ['one=1', 'two=2'],
      isBase64Encoded: false,
      requestContext: {
        http: { method: 'GET', path: '/v1/channels/support/customers/+15551234567/session', userAgent: 'tester' },
        routeKey: 'GET /v1/channels/{channel}/customers/{customer}/session',
        stage: '$default',
        time: '20/Nov/2026:12:00:00 +0000',
        timeEpoch: Date.parse('2026-11-20T12:00:00.000Z'),
      },
    });
    expect(events[0]?.headers).toMatchObject({ 'x-trace': 'abc' });
    expect(events[0]?.headers).not.toHaveProperty('cookie');
    expect(events[0]).not.toHaveProperty('body');
    expect(events[0]?.requestContext.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    ['%2B15551234567', '+15551234567'],
    ['+15551234567', '+15551234567'],
    ['%252B1', '%2B1'],
    ['wamid.a%2Fb%3D', 'wamid.a/b='],
    ['M%C3%BCller', 'Müller'],
  ])('decodes the path parameter %s once to %s', async (written, read) => {
    const { events, port } = await aFront();

    await rawCall(port, `GET /v1/messages/${written} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);

    expect(events[0]?.pathParameters).toEqual({ id: read });
  });

  it.each([
    ['GET', '/nowhere'],
    ['GET', '/v1/messages/'],
    ['GET', '/v1/messages/a/b'],
    ['PUT', '/v1/messages/a'],
  ])('of %s %s has the default route', async (method, path) => {
    const { call, events } = await aFront();

    await call(method, path);

    expect(events[0]?.routeKey).toBe('$default');
    expect(events[0]).not.toHaveProperty('pathParameters');
  });
});

describe('a catch-all', () => {
  const aFrontWithCatchAll = () => aFront(undefined, [{ method: 'ANY', path: '/v1/{proxy+}' }]);

  it.each([
    ['PUT', '/v1/messages/a'],
    ['HEAD', '/v1/messages/a'],
    ['GET', '/v1/a/b/c'],
  ])('gets %s %s, which no other route matches', async (method, path) => {
    const { call, events } = await aFrontWithCatchAll();

    await call(method, path);

    expect(events).toMatchObject([
      { routeKey: 'ANY /v1/{proxy+}', rawPath: path, pathParameters: { proxy: path.replace('/v1/', '') } },
    ]);
  });

  it('leaves what another route matches, and what is below no prefix', async () => {
    const { call, events } = await aFrontWithCatchAll();

    await call('GET', '/v1/messages/a');
    await call('GET', '/v1');

    expect(events.map(({ routeKey }) => routeKey)).toEqual(['GET /v1/messages/{id}', '$default']);
  });
});

describe('the body', () => {
  it.each([
    ['escaped unicode', '{"text":"\\u00e4\\u00f6 \\u0040 a\\/b"}'],
    ['pretty-printed JSON with a last newline', '{\n  "a" : 1.0\n}\n'],
    ['raw unicode with an emoji', '{"text":"äö 👍"}'],
    ['a byte order mark', '\ufeff{}'],
    ['no JSON at all', 'hub=1&x=%20'],
  ])('keeps %s as text, byte for byte', async (_, body) => {
    const { call, events } = await aFront();

    await call('POST', '/webhooks/meta/demo', { body });

    expect(events[0]).toMatchObject({ body, isBase64Encoded: false });
  });

  it('is base64 when its bytes are not UTF-8', async () => {
    const { call, events } = await aFront();
    const bytes = new Uint8Array([0x7b, 0xff, 0xfe, 0x00, 0xc3, 0x28]);

    await call('POST', '/webhooks/meta/demo', { body: bytes });

    expect(events[0]).toMatchObject({ body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true });
  });

  it('may be 10 MB and not a byte more', async () => {
    const { call, events } = await aFront();
    const limit = 10 * 1024 * 1024;

    const accepted = await call('POST', '/webhooks/meta/demo', { body: 'a'.repeat(limit) });
    const refused = await call('POST', '/webhooks/meta/demo', { body: 'a'.repeat(limit + 1) });

    expect(accepted.status).toBe(200);
    expect(refused.status).toBe(413);
    expect(refused.body).toEqual({ message: 'Request Entity Too Large' });
    expect(events).toHaveLength(1);
  });
});

describe('the answer', () => {
  it('carries status, headers, cookies and body', async () => {
    const answer: HttpResponse = {
      statusCode: 409,
      headers: { 'content-type': 'application/problem+json', 'retry-after': 5 },
      cookies: ['a=1', 'b=2'],
      body: '{"title":"äö"}',
    };
    const { call } = await aFront(async () => answer);

    const response = await call('POST', '/webhooks/meta/demo', { body: '{}' });

    expect(response).toMatchObject({ status: 409, text: '{"title":"äö"}' });
    expect(response.headers.get('retry-after')).toBe('5');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  it('decodes a base64 body', async () => {
    const { call } = await aFront(async () => ({
      body: Buffer.from('bytes').toString('base64'),
      isBase64Encoded: true,
    }));

    expect(await call('GET', '/v1/messages/a')).toMatchObject({ status: 200, text: 'bytes' });
  });

  it('is 500 when the handler throws', async () => {
    const complaint = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { call } = await aFront(async () => {
      throw new Error('broken');
    });

    const response = await call('GET', '/v1/messages/a');

    expect(response).toMatchObject({ status: 500, body: { message: 'Internal Server Error' } });
    expect(complaint).toHaveBeenCalledOnce();
  });

  it('is 400 when the path is badly encoded, and the server keeps running', async () => {
    const { call, events, port } = await aFront();

    const refused = await rawCall(port, 'GET /v1/messages/%E0%A4%A HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');

    expect(refused).toMatch(/^HTTP\/1\.1 400 /);
    expect(events).toHaveLength(0);
    expect((await call('GET', '/v1/messages/a')).status).toBe(200);
  });

  it('is dropped when the client disconnects, and the server keeps running', async () => {
    const { call, events, port } = await aFront();

    const socket = connect(port, '127.0.0.1', () => {
      const half = 'POST /webhooks/meta/demo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf';
      socket.write(half, () => socket.destroy());
    });
    await new Promise((resolve) => socket.on('close', resolve));

    expect((await call('GET', '/v1/messages/a')).status).toBe(200);
    expect(events).toHaveLength(1);
  });
});
