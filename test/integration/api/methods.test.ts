import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { aLocalService, postMeta } from '../../support/local.ts';

const CUSTOMER = '+15551234567';
const SESSION = `/v1/channels/support/customers/${CUSTOMER}/session`;

describe('HEAD', () => {
  it('answers as GET does, without a body', async () => {
    const { call } = await aLocalService();

    const got = await call('GET', SESSION);
    const head = await call('HEAD', SESSION);

    expect(got.status).toBe(200);
    expect(head).toMatchObject({ status: 200, text: '' });
    expect(head.headers.get('content-type')).toBe(got.headers.get('content-type'));
    expect((await call('HEAD', '/v1/channels/nowhere/usage')).status).toBe(404);
  });

  it('of Meta’s callback needs the verify token', async () => {
    const { call } = await aLocalService();
    const ask = (token: string) =>
      call('HEAD', `/webhooks/meta/demo-meta?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=1`);

    expect((await ask('local-verify-token')).status).toBe(200);
    expect((await ask('guess')).status).toBe(403);
  });
});

describe('another method of a known path', () => {
  it.each([
    ['PUT', '/v1/messages', 'POST'],
    ['POST', SESSION, 'GET, HEAD'],
    ['DELETE', '/webhooks/sinch/demo-sinch', 'POST'],
  ])('%s %s is 405 and says which methods are allowed', async (method, path, allow) => {
    const { call } = await aLocalService();

    const answer = await call(method, path);

    expect(answer).toMatchObject({ status: 405, body: { code: 'method_not_allowed', nextAction: 'fix_request' } });
    expect(answer.headers.get('allow')).toBe(allow);
  });
});

describe('a compressed body', () => {
  const headers = { 'content-encoding': 'gzip' };

  it('is 415 for a send', async () => {
    const { call } = await aLocalService();
    const body = new Uint8Array(gzipSync('{"channel":"support"}'));

    const answer = await call('POST', '/v1/messages', { body, headers });

    expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_encoding' } });
    expect(answer.headers.get('accept-encoding')).toBe('identity');
  });

  it('is 415 for a webhook, before its signature is looked at', async () => {
    const { call, url } = await aLocalService();

    expect((await call('POST', '/webhooks/sinch/demo-sinch', { body: '{}', headers })).status).toBe(415);
    expect((await postMeta(url, { object: 'whatsapp_business_account', entry: [] })).status).toBe(200);
  });
});
