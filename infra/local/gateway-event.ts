import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { HttpEvent } from '../../functions/shared/http/handler.ts';
import type { Match } from './route-match.ts';

/** Everything of a request that the event is made of. */
export interface Received {
  readonly request: IncomingMessage;
  /** Percent-decoded, as an HTTP API hands it over. */
  readonly path: string;
  readonly query: string;
  readonly body: Buffer;
  readonly at: Date;
}

const joined = (pairs: Iterable<readonly [string, string]>): Record<string, string> => {
  const values: Record<string, string> = {};
  for (const [name, value] of pairs) {
    const before = values[name];
    values[name] = before === undefined ? value : `${before},${value}`;
  }
  return values;
};

/** Lower-case names, repeated headers joined by a comma; cookies travel apart. */
const headersOf = (request: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(request.headersDistinct)
      .filter(([name]) => name !== 'cookie')
      .map(([name, values]) => [name, (values ?? []).join(',')]),
  );

const requestContextOf = ({ request, path, at }: Received, routeKey: string): HttpEvent['requestContext'] => ({
  accountId: '000000000000',
  apiId: 'local',
  domainName: request.headers.host ?? 'localhost',
  domainPrefix: 'local',
  http: {
    method: request.method ?? 'GET',
    path,
    protocol: `HTTP/${request.httpVersion}`,
    sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
    userAgent: request.headers['user-agent'] ?? '',
  },
  requestId: randomUUID(),
  routeKey,
  stage: '$default',
  time: at.toUTCString().replace(/^\w+, (\d+) (\w+) (\d+) (\S+) GMT$/, '$1/$2/$3:$4 +0000'),
  timeEpoch: at.getTime(),
});

/** The event of payload format 2.0. The body is never re-serialised: text when its bytes are UTF-8, else base64. */
export const toGatewayEvent = (received: Received, { routeKey, pathParameters }: Match): HttpEvent => {
  const { request, path, query, body } = received;
  const isText = isUtf8(body);
  const cookies = request.headers.cookie?.split('; ');
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookies === undefined ? {} : { cookies }),
    headers: headersOf(request),
    ...(query === '' ? {} : { queryStringParameters: joined(new URLSearchParams(query)) }),
    ...(Object.keys(pathParameters).length === 0 ? {} : { pathParameters: { ...pathParameters } }),
    requestContext: requestContextOf(received, routeKey),
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: !isText,
  };
};
