import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { HttpHandler, HttpResponse } from '../../functions/shared/http/handler.ts';
import { toGatewayEvent } from './gateway-event.ts';
import { decodePath, type FrontRoute, matchRoute } from './route-match.ts';

/** The limit of an HTTP API. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

export interface FrontOptions {
  readonly routes: readonly FrontRoute[];
  /** Answers calls that match no route, as the `$default` route does. */
  readonly fallback: HttpHandler;
  readonly now: () => Date;
  /** @default - the limit of an HTTP API */
  readonly maxBodyBytes?: number;
}

const message = (statusCode: number, text: string): HttpResponse => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message: text }),
});

/** The whole body, or `undefined` if it is too large; it is read to its end so that the answer arrives. */
const readBody = async (request: IncomingMessage, maxBytes = MAX_BODY_BYTES): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length <= maxBytes) chunks.push(chunk);
  }
  return length > maxBytes ? undefined : Buffer.concat(chunks);
};

const answer = async (options: FrontOptions, request: IncomingMessage): Promise<HttpResponse> => {
  const [rawPath = '/', ...rest] = (request.url ?? '/').split('?');
  const path = decodePath(rawPath);
  const match = matchRoute(options.routes, options.fallback, { method: request.method ?? 'GET', path: rawPath });
  const body = await readBody(request, match.maxBodyBytes ?? options.maxBodyBytes);
  if (path === undefined) return message(400, 'Bad Request');
  if (body === undefined) return message(413, 'Request Entity Too Large');
  const event = toGatewayEvent({ request, path, query: rest.join('?'), body, at: options.now() }, match);
  try {
    const response = await match.handler(event);
    return { ...response, headers: { ...response.headers, 'apigw-requestid': event.requestContext.requestId } };
  } catch (error) {
    console.error(error);
    return message(500, 'Internal Server Error');
  }
};

const write = (response: ServerResponse, { statusCode, headers, cookies, body, isBase64Encoded }: HttpResponse) => {
  response.statusCode = statusCode ?? 200;
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, String(value));
  if (cookies !== undefined) response.setHeader('set-cookie', cookies);
  response.end(Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8'));
};

/** An HTTP server that invokes Lambda handlers as an API Gateway HTTP API does, with the body byte for byte. */
export const createFront = (options: FrontOptions): Server =>
  createServer((request, response) => {
    // The time by which the service decides.
    response.setHeader('date', options.now().toUTCString());
    answer(options, request)
      .then((result) => write(response, result))
      // The client disconnected while it sent, or the answer cannot be written.
      .catch(() => response.destroy());
  });

export const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });

/** Closes the server and every connection, also those that wait for an answer. */
export const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
