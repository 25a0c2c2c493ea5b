import { describe, expect, it } from 'vitest';
import { aLocalService } from '../../support/local.ts';

const CUSTOMER = '+15551234567';

describe('the clock over HTTP', () => {
  it('is shown, set, advanced and reset', async () => {
    const { call, clock } = await aLocalService();

    expect((await clock({ now: '2030-01-01T00:00:00+01:00' })).body.now).toMatch(/^2029-12-31T23:00:0/);
    expect((await clock({ advanceSeconds: 3600 })).body.now).toMatch(/^2030-01-01T00:00:0/);
    expect((await call('GET', '/_local/clock')).body.now).toMatch(/^2030-01-01T00:00:0/);
    const before = Date.now();
    const now = Date.parse((await clock({ reset: true })).body.now);
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });

  it.each([
    [{}, ''],
    [{ now: 'tomorrow' }, 'now'],
    [{ advanceSeconds: '60' }, 'advanceSeconds'],
    [{ reset: false }, 'reset'],
    [{ reset: true, advanceSeconds: 1 }, ''],
    [{ speed: 2 }, 'speed'],
  ])('refuses %j', async (body, path) => {
    const { clock } = await aLocalService();

    const refused = await clock(body);

    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(refused.body.errors.map((error: { path: string }) => error.path)).toContain(path);
  });
});

describe('the log of provider calls', () => {
  it('shows the calls without credentials, and can be cleared', async () => {
    const { call, write, send, calls } = await aLocalService();
    await write({ channel: 'support-sinch', from: CUSTOMER, text: 'Hello' });
    await send('support-sinch', CUSTOMER);

    const logged = await calls();
    const cleared = await call('DELETE', '/_local/provider/calls');

    expect(logged).toMatchObject([
      { provider: 'sinch', method: 'POST', path: '/oauth2/token', status: 200 },
      {
        provider: 'sinch',
        method: 'POST',
        path: '/v1/projects/local-project/messages:send',
        status: 200,
        body: { message: { text_message: { text: 'How can we help?' } } },
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      },
    ]);
    expect(logged.flatMap(({ headers }) => Object.keys(headers))).not.toContain('authorization');
    expect(cleared).toMatchObject({ status: 200, body: { calls: [] } });
    expect(await calls()).toEqual([]);
  });
});

describe('bad requests to the control', () => {
  it.each([
    ['/_local/provider/inbound', { channel: 'support', from: CUSTOMER }, 'text'],
    ['/_local/provider/inbound', { channel: 'support', from: CUSTOMER, text: 'a', message: {} }, 'text'],
    ['/_local/provider/inbound', { channel: 'support', from: 'some body', text: 'a' }, 'from'],
    ['/_local/provider/inbound', { channel: 'support', from: CUSTOMER, message: { id: 'x' } }, 'message.type'],
    ['/_local/provider/inbound', { channel: 'support-sinch', from: CUSTOMER, message: {} }, 'message'],
    ['/_local/provider/inbound', { channel: 'support', from: CUSTOMER, text: 'a', at: 'noon' }, 'at'],
    ['/_local/provider/faults', { provider: 'twilio', kind: 'http_500' }, 'provider'],
    ['/_local/provider/faults', { provider: 'meta', kind: 'earthquake' }, 'kind'],
    ['/_local/provider/faults', { provider: 'meta', kind: 'http_500', times: 0 }, 'times'],
    ['/_local/provider/faults', { provider: 'sinch', kind: 'webhook_batch' }, 'kind'],
    ['/_local/provider/faults', { provider: 'meta', kind: 'http_500', seconds: 5 }, 'seconds'],
    ['/_local/provider/status', { id: 'msg_1', status: 'accepted' }, 'status'],
  ])('%s with %j names %s as the wrong field', async (path, body, field) => {
    const { call } = await aLocalService();

    const refused = await call('POST', path, { body });

    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_request', nextAction: 'fix_request' } });
    expect(refused.body.errors.map((error: { path: string }) => error.path)).toContain(field);
  });

  it('answers 404 for an unknown channel and an unknown message', async () => {
    const { write, report } = await aLocalService();

    expect(await write({ channel: 'sales', from: CUSTOMER, text: 'Hello' })).toMatchObject({
      status: 404,
      body: { code: 'unknown_channel' },
    });
    expect(await report({ id: 'msg_none', status: 'read' })).toMatchObject({
      status: 404,
      body: { code: 'unknown_message' },
    });
  });

  it('refuses the status played at Sinch, which does not report it', async () => {
    const { write, send, report } = await aLocalService();
    await write({ channel: 'support-sinch', from: CUSTOMER, text: 'Hello' });
    const { id } = (await send('support-sinch', CUSTOMER)).body;

    expect(await report({ id, status: 'played' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'status' }] },
    });
  });
});

describe('the local service', () => {
  it('is healthy while its table is active', async () => {
    const { call } = await aLocalService();

    expect(await call('GET', '/_local/health')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  it('answers an unknown route as the service does', async () => {
    const { call } = await aLocalService();

    expect(await call('GET', '/_local/nowhere')).toMatchObject({ status: 404, body: { code: 'unknown_route' } });
    expect(await call('PUT', '/v1/nowhere')).toMatchObject({ status: 404, body: { code: 'unknown_route' } });
  });

  it('answers Meta’s verification of the callback URL', async () => {
    const { call } = await aLocalService();
    const query = 'hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=';

    expect(await call('GET', `/webhooks/meta/demo-meta?${query}local-verify-token`)).toMatchObject({
      status: 200,
      text: '1158201444',
    });
    expect((await call('GET', `/webhooks/meta/demo-meta?${query}guessed`)).status).toBe(403);
  });
});

describe('the faults of the providers', () => {
  it('are listed as long as they are to come, and can be cleared', async () => {
    const { call, fault, write, send } = await aLocalService();
    await write({ channel: 'support', from: CUSTOMER, text: 'Hello' });
    await fault({ provider: 'meta', kind: 'http_500', times: 2 });
    await fault({ provider: 'sinch', kind: 'refuse_connection', times: 3 });
    await send('support', CUSTOMER);

    const listed = await call('GET', '/_local/provider/faults');
    const cleared = await call('DELETE', '/_local/provider/faults');

    expect(listed.body).toEqual({
      faults: [
        { provider: 'meta', kind: 'http_500', times: 1 },
        { provider: 'sinch', kind: 'refuse_connection', times: 3 },
      ],
      held: [],
    });
    expect(cleared).toMatchObject({ status: 200, body: { faults: [], held: [] } });
    expect((await send('support', CUSTOMER)).status).toBe(201);
    await write({ channel: 'support-sinch', from: CUSTOMER, text: 'Hello' });
    expect((await send('support-sinch', CUSTOMER)).status).toBe(201);
  });
});

describe('GET /', () => {
  it('says what runs here, where it is described and what to paste', async () => {
    const { call, url, providers } = await aLocalService();

    const { status, headers, text } = await call('GET', '/');

    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/plain/);
    for (const part of [url, 'docs/api.md', 'docs/local.md', 'curl', ...Object.values(providers)])
      expect(text).toContain(part);
    expect(text).not.toMatch(/local-(app-secret|verify-token|access-token|key-secret|sinch-secret)/);
  });
});
