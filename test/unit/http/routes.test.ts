import { describe, expect, it } from 'vitest';
import type { HttpEvent } from '../../../functions/shared/http/handler.ts';
import { json } from '../../../functions/shared/http/respond.ts';
import { ROUTES, type RouteKey, type RouteKeyOf } from '../../../functions/shared/http/routes.ts';
import { type Responder, type Responders, serveRoutes } from '../../../functions/shared/http/serve-routes.ts';
import { anEvent } from '../../support/events.ts';
import { aLog } from '../../support/service.ts';

const runtime = { log: aLog() };
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
});

describe('the responders of a Lambda', () => {
  const complete = {
    'POST /v1/messages': respond,
    'POST /v1/messages/check': respond,
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

  it.each(['$default', 'GET /v1/messages', 'constructor'])('answer %s as an unknown route', async (routeKey) => {
    const response = await serveRoutes(runtime, complete)(anEvent(routeKey));

    expect(JSON.parse(response.body ?? '')).toMatchObject({ status: 404, code: 'unknown_route' });
  });
});
