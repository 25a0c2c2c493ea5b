import { describe, expect, it } from 'vitest';
import type { HttpEvent } from '../../../functions/shared/http/handler.ts';
import { json } from '../../../functions/shared/http/respond.ts';
import {
  CATCH_ALLS,
  isPublic,
  ROUTES,
  type Route,
  type RouteKey,
  type RouteKeyOf,
} from '../../../functions/shared/http/routes.ts';
import { type Responder, type Responders, serveRoutes } from '../../../functions/shared/http/serve-routes.ts';
import { anEvent } from '../../support/events.ts';
import { aLog } from '../../support/service.ts';

const runtime = { log: aLog(), channel: () => undefined, channels: [], reaches: () => true };
const respond: Responder<typeof runtime> = async (_, { routeKey }: HttpEvent) => json(200, { routeKey });

// What must not compile is proven by the type check: an unused @ts-expect-error is an error there.
describe('the type of route keys', () => {
  it('knows every route of the list, and no other', () => {
    const known: RouteKey = 'PUT /v1/channels/{channel}/customers/{customer}/consent';
    // @ts-expect-error the method is no method of this path
    const otherMethod: RouteKey = 'GET /v1/messages';
    // @ts-expect-error the path is misspelt
    const misspelt: RouteKey = 'POST /v1/message';

    const keys = ROUTES.map(({ method, path }): string => `${method} ${path}`);
    expect(keys).toContain(known);
    expect(keys).not.toContain(otherMethod);
    expect(keys).not.toContain(misspelt);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('gives a Lambda its own routes alone', () => {
    const own: RouteKeyOf<'outbound-send'> = 'POST /v1/messages/check';
    // @ts-expect-error another Lambda answers this route
    const foreign: RouteKeyOf<'outbound-send'> = 'GET /v1/messages/{id}';

    const routes = ROUTES.filter((route) => route.function === 'outbound-send');
    const keys = routes.map(({ method, path }): string => `${method} ${path}`);
    expect(keys).toContain(own);
    expect(keys).not.toContain(foreign);
  });

  it('does not compile for a route that names neither a scope nor the signature of a provider', () => {
    // @ts-expect-error the route says nothing of who may call it
    const open: Route = { method: 'GET', path: '/v1/everything', function: 'sessions-api' };
    // @ts-expect-error there is no such scope
    const unknown: Route = { ...open, auth: 'iam' };

    expect(ROUTES).not.toContainEqual(unknown);
  });
});

describe('the responders of a Lambda', () => {
  const complete = {
    'POST /v1/messages': respond,
    'POST /v1/messages/check': respond,
    'POST /v1/channels/{channel}/customers/{customer}/messages/{id}/read': respond,
    'POST /v1/channels/{channel}/customers/{customer}/session/take': respond,
    'POST /v1/channels/{channel}/customers/{customer}/session/release': respond,
  } satisfies Responders<'outbound-send', typeof runtime>;

  it('answer each of its routes, and do not compile without one of them or with a misspelt one', async () => {
    const without = { 'POST /v1/messages': respond };
    // @ts-expect-error the check has no responder
    without satisfies Responders<'outbound-send', typeof runtime>;
    // @ts-expect-error the route is misspelt
    ({ ...complete, 'POST /v1/mesages': respond }) satisfies Responders<'outbound-send', typeof runtime>;

    const response = await serveRoutes(runtime, complete)(anEvent('POST /v1/messages/check'));

    expect(response).toMatchObject({ statusCode: 200, body: '{"routeKey":"POST /v1/messages/check"}' });
  });

  it.each(['$default', 'constructor', 'GET /v1/nowhere'])('answer %s as an unknown route', async (routeKey) => {
    const response = await serveRoutes(runtime, complete)(anEvent(routeKey));

    expect(JSON.parse(response.body ?? '')).toMatchObject({ status: 404, code: 'unknown_route' });
  });
});

/** A call that API Gateway matched to a catch-all. */
const unmatched = (method: string, path: string, of: { headers?: Record<string, string>; body?: string } = {}) => {
  const event = anEvent('ANY /v1/{proxy+}', of);
  const http = { ...event.requestContext.http, method, path };
  return { ...event, rawPath: path, requestContext: { ...event.requestContext, http } };
};

describe('a call without a declared route', () => {
  const responders = { 'GET /v1/messages/{id}': respond, 'POST /v1/messages': respond };
  const ask = async (...call: Parameters<typeof unmatched>) => {
    const { statusCode, headers, body } = await serveRoutes(runtime, responders)(unmatched(...call));
    return { status: statusCode, headers, body };
  };

  it('is answered as GET, without a body, when it is HEAD', async () => {
    const seen: HttpEvent[] = [];
    const serve = serveRoutes(runtime, {
      'GET /v1/messages/{id}': async (_, event) => {
        seen.push(event);
        return json(200, { id: 'msg_1' });
      },
    });

    const response = await serve(unmatched('HEAD', '/v1/messages/msg_1'));

    expect(response).toEqual({ statusCode: 200, headers: { 'content-type': 'application/json' }, body: '' });
    expect(seen).toMatchObject([{ routeKey: 'GET /v1/messages/{id}', pathParameters: { id: 'msg_1' } }]);
  });

  it.each([
    ['PUT', '/v1/messages', 'POST'],
    ['HEAD', '/v1/messages', 'POST'],
    ['DELETE', '/v1/messages/msg_1', 'GET, HEAD'],
    ['PATCH', '/v1/channels/support/customers/+15551234567/consent', 'GET, HEAD, PUT'],
    ['GET', '/v1/channels/support/templates/sync', 'POST'],
    ['OPTIONS', '/webhooks/meta/demo', 'GET, HEAD, POST'],
  ])('is 405 for %s %s, with the methods that are allowed', async (method, path, allow) => {
    const response = await ask(method, path);

    expect(response).toMatchObject({ status: 405, headers: { allow } });
    if (method !== 'HEAD') expect(JSON.parse(response.body ?? '')).toMatchObject({ code: 'method_not_allowed' });
  });

  it.each([
    ['GET', '/v1/nowhere'],
    ['HEAD', '/v1/nowhere'],
    ['GET', '/v1/messages/'],
    ['POST', '/webhooks/telegram/demo'],
    // API Gateway decodes the path after it has matched it, so that this is no call of the declared route.
    ['POST', '/v1/messages'],
  ])('is 404 for %s %s', async (method, path) => {
    expect(await ask(method, path)).toMatchObject({ status: 404 });
  });
});

describe('an encoded body', () => {
  const send = (encoding: string, body: string) =>
    serveRoutes(runtime, { 'POST /v1/messages': respond })(
      anEvent('POST /v1/messages', { headers: { 'content-encoding': encoding }, body }),
    );

  it.each(['gzip', 'GZIP', 'br', 'identity, gzip', 'x-unknown'])('is 415 when it is %s', async (encoding) => {
    const response = await send(encoding, '{}');

    expect(response).toMatchObject({ statusCode: 415, headers: { 'accept-encoding': 'identity' } });
    expect(JSON.parse(response.body ?? '')).toMatchObject({ code: 'unsupported_encoding', nextAction: 'fix_request' });
  });

  it.each([
    ['identity', '{}'],
    ['Identity', '{}'],
    ['', '{}'],
    ['gzip', ''],
  ])('is read when its encoding is "%s" and it is "%s"', async (encoding, body) => {
    expect((await send(encoding, body)).statusCode).toBe(200);
  });
});

describe('the catch-alls', () => {
  it('reach, of each prefix or path, the Lambda that answers every GET of it, so that HEAD is answered as GET', () => {
    const prefixOf = ({ path }: { readonly path: string }) => path.replace('{proxy+}', '');
    const nearest = (path: string) =>
      CATCH_ALLS.filter((one) => path.startsWith(prefixOf(one))).toSorted(
        (one, other) => prefixOf(other).length - prefixOf(one).length,
      )[0];
    for (const catchAll of CATCH_ALLS) {
      const { function: name } = catchAll;
      const below = ROUTES.filter((route) => nearest(route.path) === catchAll);
      expect(below.filter(({ method }) => method === 'GET').map((route) => route.function)).toContain(name);
      for (const route of below) {
        expect(isPublic(route)).toBe(isPublic(catchAll));
        if (route.method === 'GET') expect(route.function, route.path).toBe(name);
      }
    }
  });

  it('cover every declared route', () => {
    const prefixes = CATCH_ALLS.map(({ path }) => path.replace('{proxy+}', ''));
    for (const { path } of ROUTES) expect(prefixes.some((prefix) => path.startsWith(prefix))).toBe(true);
  });
});
