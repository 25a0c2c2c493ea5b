import { beforeEach, describe, expect, it } from 'vitest';
import type { HttpEvent } from '../../../../functions/shared/http/handler.ts';
import { createJwtAuthorizer } from '../../../../infra/local/oauth/jwt-authorizer.ts';
import { createTokenIssuer } from '../../../../infra/local/oauth/token-issuer.ts';
import { anEvent } from '../../../support/events.ts';

const issuer = createTokenIssuer('http://127.0.0.1:1/_local/oauth2');

describe('the JWT authorizer of the local front', () => {
  let passed: HttpEvent | undefined;
  beforeEach(() => {
    passed = undefined;
  });

  const authorize = createJwtAuthorizer(issuer)(async (event) => {
    passed = event;
    return { statusCode: 200 };
  });
  const call = (authorization: string) => authorize(anEvent('GET /oauth/v1/x', { headers: { authorization } }));

  it.each([
    ['client_id', { client_id: 'local-client' }],
    ['aud', { aud: 'local-client' }],
    ['one of several audiences', { aud: ['elsewhere', 'local-client'] }],
  ])('takes a token whose %s is its audience', async (_, claims) => {
    expect(await call(`Bearer ${await issuer.sign(claims, 60)}`)).toEqual({ statusCode: 200 });
  });

  it('takes a token without the word Bearer', async () => {
    expect(await call(await issuer.sign({ client_id: 'local-client' }, 60))).toEqual({ statusCode: 200 });
  });

  it.each([
    ['another client', { client_id: 'someone' }],
    ['another audience, which counts before the client', { aud: 'elsewhere', client_id: 'local-client' }],
    ['no one', {}],
  ])('refuses a token for %s, in the words of API Gateway', async (_, claims) => {
    const answer = await call(`Bearer ${await issuer.sign(claims, 60)}`);

    expect(answer).toEqual({
      statusCode: 401,
      headers: {
        'www-authenticate':
          'Bearer scope="" error="invalid_token" error_description="the token does not have a valid audience"',
      },
      body: '{"message":"Unauthorized"}',
    });
    expect(passed).toBeUndefined();
  });

  it('refuses a token of another issuer, though its key has the same name', async () => {
    const other = createTokenIssuer('http://127.0.0.1:2/_local/oauth2');

    expect(await call(`Bearer ${await other.sign({ client_id: 'local-client' }, 60)}`)).toMatchObject({
      statusCode: 401,
    });
  });

  it('hands claims on as text, and lists as API Gateway writes them', async () => {
    const claims = { client_id: 'local-client', 'cognito:groups': ['reader', 'agent'], version: 2 };

    await call(`Bearer ${await issuer.sign(claims, 60)}`);

    expect(passed?.requestContext).toMatchObject({
      authorizer: { jwt: { claims: { 'cognito:groups': '[reader agent]', version: '2' }, scopes: null } },
    });
  });
});
