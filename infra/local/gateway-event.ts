import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { HttpEvent } from '../../functions/shared/http/handler.ts';
import type { Match } from './route-match.ts';

/** A request as the event needs it. */
export interface ReceivedRequest {
  readonly request: IncomingMessage;
  /** Percent-decoded, as in the event of an HTTP API. */
  readonly path: string;
  readonly query: string;
  readonly body: Buffer;
  readonly at: Date;
}

const joinRepeated = (pairs: Iterable<readonly [string, string]>): Record<string, string> => {
  const values: Record<string, string> = {};
  for (const [name, value] of pairs) {
    const earlier = values[name];
    values[name] = earlier === undefined ? value : `${earlier},${value}`;
  }
  return values;
};

/** Lower-case names, repeated headers joined by a comma; cookies have a field of their own. */
const headersOf = (request: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(request.headersDistinct)
      .filter(([name]) => name !== 'cookie')
      .map(([name, values]) => [name, (values ?? []).join(',')]),
  );

const requestContextOf = ({ request, path, at }: ReceivedRequest, routeKey: string): HttpEvent['requestContext'] => ({
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

/** The event of payload format 2.0. The body is byte for byte the request's: text if it is UTF-8, else base64. */
export const toGatewayEvent = (received: ReceivedRequest, { routeKey, pathParameters }: Match): HttpEvent => {
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
    ...(query === '' ? {} : { queryStringParameters: joinRepeated(new URLSearchParams(query)) }),
    ...(Object.keys(pathParameters).length === 0 ? {} : { pathParameters: { ...pathParameters } }),
    requestContext: requestContextOf(received, routeKey),
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: !isText,
  };
};
