import { createServer, type IncomingMessage, Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { callOnce, retryAfterSeconds } from '../../../functions/shared/network/http-call.ts';
import { inOwnProcess } from '../../support/own-process.ts';
import { aClosedOrigin } from '../../support/provider-server.ts';

const servers: TcpServer[] = [];

const listen = async (server: TcpServer): Promise<string> => {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return `127.0.0.1:${address.port}`;
};

const serve = (answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>) =>
  listen(createServer((request, response) => void answer(request, response)));

const close = (server: TcpServer) =>
  new Promise((resolve) => {
    server.close(resolve);
    if (server instanceof Server) server.closeAllConnections();
  });

const call = (url: string, overrides: { headers?: Record<string, string>; timeoutMs?: number } = {}) =>
  callOnce({ url, headers: { authorization: 'Bearer t' }, body: '{"a":1}', timeoutMs: 60_000, ...overrides });

afterEach(async () => {
  await Promise.all(servers.splice(0).map(close));
});

describe('a call', () => {
  it('ends in time also when memory is collected while it hangs', async () => {
    const worker = join(import.meta.dirname, 'hanging-calls.worker.ts');

    expect(await inOwnProcess(worker, [], {}, ['--expose-gc'])).toEqual(
      Array.from({ length: 5 }, () => ({ kind: 'unknown', code: 'timeout' })),
    );
  });

  it('gets where there is no body', async () => {
    const seen: unknown[] = [];
    const host = await serve(async (request, response) => {
      seen.push([request.method, request.headers['content-length'], await text(request)]);
      response.end('[]');
    });

    const answer = await callOnce({ url: `http://${host}/list?a=1`, headers: {}, timeoutMs: 60_000 });

    expect(answer).toMatchObject({ kind: 'answered', status: 200, text: '[]' });
    expect(seen).toEqual([['GET', undefined, '']]);
  });

  it('posts the body and hands back status, headers and text', async () => {
    const seen: unknown[] = [];
    const host = await serve(async (request, response) => {
      seen.push([request.method, request.url, request.headers.authorization, await text(request)]);
      response.writeHead(418, { 'X-Kind': 'Teapot' }).end('{"ok":"ä"}');
    });

    const outcome = await call(`http://${host}/v1/messages`);

    expect(seen).toEqual([['POST', '/v1/messages', 'Bearer t', '{"a":1}']]);
    expect(outcome).toMatchObject({
      kind: 'answered',
      status: 418,
      text: '{"ok":"ä"}',
      headers: { 'x-kind': 'Teapot' },
    });
  });

  it('opens a connection of its own each time and asks to close it', async () => {
    const sockets = new Set<unknown>();
    const asked = new Set<unknown>();
    const host = await serve((request, response) => {
      sockets.add(request.socket);
      asked.add(request.headers.connection);
      response.end();
    });

    for (let calls = 0; calls < 3; calls += 1) await call(`http://${host}/`);

    expect(sockets.size).toBe(3);
    expect([...asked]).toEqual(['close']);
  });

  it('follows no redirect', async () => {
    const paths: unknown[] = [];
    const host = await serve((request, response) => {
      paths.push(request.url);
      response.writeHead(307, { location: '/elsewhere' }).end('moved');
    });

    expect(await call(`http://${host}/here`)).toMatchObject({ kind: 'answered', status: 307, text: 'moved' });
    expect(paths).toEqual(['/here']);
  });

  it('leaves a body unread that no caller wants, however long it would be', async () => {
    const host = await serve((_, response) => {
      response.writeHead(200, { 'x-kind': 'Endless' });
      const more = () => void (response.writable && response.write('.'.repeat(65_536), () => setImmediate(more)));
      more();
    });

    const outcome = await callOnce({ url: `http://${host}/`, headers: {}, timeoutMs: 60_000, readsBody: false });

    expect(outcome).toMatchObject({ kind: 'answered', status: 200, headers: { 'x-kind': 'Endless' }, text: '' });
  });
});

describe('a call that certainly did not leave', () => {
  it('meets a refused connection', async () => {
    expect(await call(await aClosedOrigin())).toEqual({ kind: 'not_sent', code: 'ECONNREFUSED' });
  });

  it('asks for a name that does not exist', async () => {
    // An empty label is refused by the resolver itself, without a network.
    expect(await call('http://no..name/')).toEqual({ kind: 'not_sent', code: 'ENOTFOUND' });
  });

  it('fails in the TLS handshake', async () => {
    const host = await serve((_, response) => void response.end());

    expect(await call(`https://${host}/`)).toEqual({ kind: 'not_sent', code: 'ERR_SSL_WRONG_VERSION_NUMBER' });
  });

  it('cannot even be put together', async () => {
    expect(await call('http://127.0.0.1/', { headers: { authorization: 'Bearer a\nb' } })).toEqual({
      kind: 'not_sent',
      code: 'invalid_request',
    });
  });
});

describe('a call that may have arrived', () => {
  it('loses its connection after the request was read, and is not repeated', async () => {
    let requests = 0;
    const host = await serve(async (request) => {
      await text(request);
      requests += 1;
      request.socket.destroy();
    });

    expect(await call(`http://${host}/`)).toEqual({ kind: 'unknown', code: 'UND_ERR_SOCKET' });
    expect(requests).toBe(1);
  });

  it('is reset after the request was read', async () => {
    const host = await serve(async (request) => {
      await text(request);
      request.socket.resetAndDestroy();
    });

    expect(await call(`http://${host}/`)).toEqual({ kind: 'unknown', code: 'ECONNRESET' });
  });

  it('gets no answer in time', async () => {
    const host = await serve(() => {});

    expect(await call(`http://${host}/`, { timeoutMs: 100 })).toEqual({ kind: 'unknown', code: 'timeout' });
  });

  it('gets no end of the answer in time', async () => {
    const host = await serve((_, response) => void response.writeHead(200).write('{"messages":'));

    expect(await call(`http://${host}/`, { timeoutMs: 150 })).toEqual({ kind: 'unknown', code: 'timeout' });
  });

  it('gets half an answer', async () => {
    const host = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"messages":', () => response.destroy());
    });

    expect(await call(`http://${host}/`)).toMatchObject({ kind: 'unknown' });
  });

  it('gets an answer that is not HTTP', async () => {
    const host = await listen(createTcpServer((socket) => socket.once('data', () => socket.end('gibberish\r\n\r\n'))));

    expect(await call(`http://${host}/`)).toMatchObject({ kind: 'unknown' });
  });
});

describe('Retry-After', () => {
  it.each([
    ['30', 30],
    ['0', 0],
    [undefined, undefined],
    ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
    ['-5', undefined],
    ['soon', undefined],
  ])('reads %s as %s', (value, seconds) => {
    expect(retryAfterSeconds({ 'retry-after': value })).toBe(seconds);
  });
});
