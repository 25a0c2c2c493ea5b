import type { HttpEvent } from '../../functions/shared/http/handler.ts';

export interface EventOptions {
  readonly path?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

/** An API Gateway HTTP API event (payload 2.0); bytes travel base64-encoded, text as it is. */
export const anEvent = (routeKey: string, { path, query, headers = {}, body }: EventOptions = {}): HttpEvent => {
  const [method = 'GET', template = '/'] = routeKey.split(' ');
  return {
    version: '2.0',
    routeKey,
    rawPath: template,
    rawQueryString: new URLSearchParams(query).toString(),
    headers,
    ...(path === undefined ? {} : { pathParameters: path }),
    ...(query === undefined ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      domainName: 'api.example',
      domainPrefix: 'api',
      http: { method, path: template, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: 'request-1',
      routeKey,
      stage: '$default',
      time: '20/Nov/2026:12:00:00 +0000',
      timeEpoch: 0,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : Buffer.from(body).toString('base64') }),
    isBase64Encoded: body !== undefined && typeof body !== 'string',
  };
};
