import { describe, expect, it } from 'vitest';
import { Channel } from '../../../functions/shared/domain/config.ts';
import { checkScope, readGrant } from '../../../functions/shared/http/access-token.ts';
import type { HttpEvent } from '../../../functions/shared/http/handler.ts';
import { json } from '../../../functions/shared/http/respond.ts';
import { ROUTES } from '../../../functions/shared/http/routes.ts';
import { type Responder, serveRoutes } from '../../../functions/shared/http/serve-routes.ts';
import { anEvent, type EventOptions } from '../../support/events.ts';
import { aLog } from '../../support/service.ts';

const ALL = 'carewindow/read carewindow/send carewindow/admin';

/** A call that the JWT authorizer of API Gateway let pass; it renders claims as text. */
const authorized = (routeKey: string, claims: object, of: EventOptions = {}): HttpEvent => {
  const event = anEvent(routeKey, of);
  const authorizer = { jwt: { claims, scopes: null } };
  return { ...event, requestContext: Object.assign(event.requestContext, { authorizer }) };
};

const scopesOf = (claims: object) => [...(readGrant(authorized('GET /oauth/v1/x', claims))?.scopes ?? [])];

describe('the scopes of an access token', () => {
  it.each([
    ['of a system are those that it carries', { scope: 'carewindow/read carewindow/send' }],
    ['may stand in scp, as a list', { scp: '[carewindow/read carewindow/send]' }],
    ['of an agent are what both token and group allow', { scope: ALL, username: 'ann', 'cognito:groups': '[agent]' }],
    ['of several groups add up', { scope: 'carewindow/read carewindow/send', 'cognito:groups': '[reader operator]' }],
  ])('%s', (_, claims) => {
    expect(scopesOf(claims)).toEqual(['carewindow/read', 'carewindow/send']);
  });

  it('of an operator are never more than the token carries', () => {
    expect(scopesOf({ scope: 'carewindow/read', username: 'ann', 'cognito:groups': '[operator]' })).toEqual([
      'carewindow/read',
    ]);
  });

  it.each([
    ['a person without a group', { scope: ALL, username: 'ann' }],
    ['a person of an unknown group', { scope: ALL, username: 'ann', 'cognito:groups': '[constructor]' }],
    ['a person of a group whose name contains another', { scope: ALL, 'cognito:groups': '[operators]' }],
    ['a token without a scope, such as an ID token', { token_use: 'id', aud: 'client' }],
  ])('are none for %s', (_, claims) => {
    expect(scopesOf(claims)).toEqual([]);
  });
});

describe('a call below /oauth', () => {
  const respond: Responder<{ channels: readonly { id: string }[] }> = async (
    { channels },
    { routeKey, pathParameters },
  ) => json(200, { routeKey, pathParameters, channels: channels.map(({ id }) => id) });
  const channels = ['support', 'returns'].map((id) => Channel.parse({ id, account: 'shop' }));
  const runtime = {
    log: aLog(),
    channels,
    channel: (id: string | undefined) => channels.find((channel) => channel.id === id),
    reaches: () => true,
  };
  const answer = async (event: HttpEvent, responder: Responder<typeof runtime> = respond) => {
    const keys = ROUTES.map(({ method, path }) => `${method} ${path}`);
    const response = await serveRoutes(runtime, Object.fromEntries(keys.map((key) => [key, responder])))(event);
    return { ...response, body: JSON.parse(response.body || '{}') };
  };

  it('is answered as the same call below /v1', async () => {
    const event = authorized('GET /oauth/v1/messages/{id}', { scope: ALL }, { path: { id: 'msg_1' } });

    expect(await answer(event)).toMatchObject({
      statusCode: 200,
      body: { routeKey: 'GET /v1/messages/{id}', pathParameters: { id: 'msg_1' }, channels: ['support', 'returns'] },
    });
  });

  it.each(ROUTES.flatMap((route) => (route.auth === 'signature' ? [] : [route])))(
    '$method $path needs exactly the scope $auth',
    async ({ method, path, auth }) => {
      const key = `${method} /oauth${path}`;
      const others = ALL.split(' ').filter((scope) => scope !== `carewindow/${auth}`);

      const refused = await answer(authorized(key, { scope: others.join(' ') }));

      expect(refused).toMatchObject({
        statusCode: 403,
        headers: {
          'content-type': 'application/problem+json',
          'www-authenticate': `Bearer error="insufficient_scope", scope="carewindow/${auth}"`,
        },
        body: { code: 'insufficient_scope', nextAction: 'fix_request' },
      });
      expect(await answer(authorized(key, { scope: `carewindow/${auth}` }))).toMatchObject({ statusCode: 200 });
    },
  );

  it('is refused when no authorizer has verified a token', async () => {
    expect(await answer(anEvent('GET /oauth/v1/messages/{id}'))).toMatchObject({ statusCode: 403 });
  });

  it('needs no scope below /v1, which IAM authorizes', () => {
    expect(readGrant(authorized('GET /v1/messages/{id}', { scope: '' }))).toBeUndefined();
  });

  const unmatched = (method: string, path: string, claims: object) => {
    const event = authorized('ANY /oauth/v1/{proxy+}', claims);
    const http = { ...event.requestContext.http, method, path };
    return { ...event, rawPath: path, requestContext: { ...event.requestContext, http } };
  };

  it('is 405 with Allow for another method, 404 for another path, and HEAD is GET with its scope', async () => {
    const put = await answer(unmatched('PUT', '/oauth/v1/messages', {}));

    expect(put).toMatchObject({ statusCode: 405, headers: { allow: 'POST' } });
    expect(await answer(unmatched('GET', '/oauth/v1/nowhere', {}))).toMatchObject({ statusCode: 404 });
    expect(await answer(unmatched('HEAD', '/oauth/v1/messages/msg_1', { scope: ALL }))).toMatchObject({
      statusCode: 200,
    });
    expect(await answer(unmatched('HEAD', '/oauth/v1/messages/msg_1', {}))).toMatchObject({ statusCode: 403 });
  });

  describe('with a token that is bound to channels', () => {
    const bound = (channels: string, responder: Responder<typeof runtime>) =>
      answer(authorized('GET /oauth/v1/messages/{id}', { scope: ALL, carewindow_channels: channels }), responder);

    it.each([
      ['[returns]', ['returns']],
      ['returns support', ['support', 'returns']],
      ['elsewhere', []],
      ['', []],
    ])('knows of no others: %j', async (claim, known) => {
      const { body } = await bound(claim, async ({ channel, channels, reaches }) => {
        const ids = ['support', 'returns'];
        expect(ids.filter((id) => channel(id) !== undefined)).toEqual(known);
        expect(ids.filter(reaches)).toEqual(known);
        return json(200, { channels: channels.map(({ id }) => id) });
      });

      expect(body).toEqual({ channels: known });
    });
  });
});

describe('a route that is public', () => {
  it('needs no scope', () => {
    expect(checkScope({ scopes: new Set(), channels: undefined }, 'POST /webhooks/meta/{account}')).toBeUndefined();
  });
});
