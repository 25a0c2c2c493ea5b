import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { freePort } from '../../infra/local/dynamodb-local.ts';

export interface ProviderCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  readonly body: unknown;
}

export interface Scripted {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  /** Reads the request and then closes the connection without an answer. */
  readonly hangUp?: boolean;
}

/** A provider on 127.0.0.1 that answers by script and records its calls. */
export const aProviderServer = async (script: (call: ProviderCall) => Scripted | Promise<Scripted>) => {
  const calls: ProviderCall[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const isJson = request.headers['content-type']?.includes('json') ?? false;
    const call = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      text,
      body: isJson ? (JSON.parse(text) as unknown) : undefined,
    };
    calls.push(call);
    const { status = 200, headers = {}, body, hangUp } = await script(call);
    if (hangUp === true) return void request.socket.destroy();
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    calls,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};
export type ProviderServer = Awaited<ReturnType<typeof aProviderServer>>;

/** An origin on which nothing listens. */
export const aClosedOrigin = async (): Promise<string> => `http://127.0.0.1:${await freePort()}`;
