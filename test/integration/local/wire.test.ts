import { describe, expect, it } from 'vitest';
import { aLocalService, callHttp } from '../../support/local.ts';

const CUSTOMER = '+15551234567';

const SECRETS = /local-(?:app-secret|verify-token|access-token|key-secret|sinch-secret|secret-key)/;

const aWire = async () => {
  const service = await aLocalService();
  const wire = async () => (await service.call('GET', '/_local/wire')).body.entries;
  const resend = (id: string, body: object) => service.call('POST', `/_local/wire/${id}/send`, { body });
  return { ...service, wire, resend };
};

describe('the wire', () => {
  it.each([
    ['support', 'meta', 'valid'],
    ['support-sinch', 'sinch', 'valid'],
    ['support-aws', 'aws-social', 'none'],
  ])(
    'of channel %s has every webhook and call byte for byte, without secrets',
    async (channel, provider, signature) => {
      const { wire, write, send, call } = await aWire();
      await write({ channel, from: CUSTOMER, text: 'Hëllo' });
      await send(channel, CUSTOMER);

      const entries = await wire();
      const [webhook] = entries;
      const sent = entries.at(-1);

      expect(webhook).toMatchObject({
        kind: 'webhook',
        provider,
        method: 'POST',
        signature,
        status: 200,
        isCut: false,
      });
      expect(webhook.bytes).toBe(Buffer.byteLength(webhook.body));
      expect(webhook.milliseconds).toBeGreaterThanOrEqual(0);
      expect(sent).toMatchObject({ kind: 'call', provider, method: 'POST', signature: 'valid', status: 200 });
      expect(sent.headers.authorization).toMatch(/^(?:Bearer|AWS4-HMAC-SHA256) •••$/);
      expect(JSON.stringify(entries)).not.toMatch(SECRETS);
      expect((await call('DELETE', '/_local/wire')).body).toEqual({ entries: [] });
    },
  );

  it('says which signature was refused, and hides the verify token', async () => {
    const { wire, call } = await aWire();

    await call('POST', '/webhooks/meta/demo-meta', { body: '{}', headers: { 'x-hub-signature-256': 'sha256=00' } });
    await call(
      'GET',
      '/webhooks/meta/demo-meta?hub.mode=subscribe&hub.challenge=1&hub.verify_token=local-verify-token',
    );

    expect(await wire()).toMatchObject([
      { kind: 'webhook', provider: 'meta', signature: 'invalid', status: 401, body: '{}' },
      { method: 'GET', query: '?hub.mode=subscribe&hub.challenge=1&hub.verify_token=•••', status: 200, answer: '1' },
    ]);
  });

  it('says which credentials the provider refused', async () => {
    const { wire, providers } = await aWire();
    await callHttp('POST', `${providers['meta'] ?? ''}/v24.0/106540352242922/messages`, {
      body: {},
      headers: { authorization: 'Bearer guessed' },
    });

    expect(await wire()).toMatchObject([{ kind: 'call', status: 401, signature: 'invalid' }]);
  });
});

describe('a webhook that is sent again', () => {
  it.each(['support', 'support-sinch', 'support-aws'])('on channel %s twice counts once', async (channel) => {
    const { wire, resend, write, thread } = await aWire();
    await write({ channel, from: CUSTOMER, text: 'Hello' });
    const [{ id, body }] = await wire();

    expect((await resend(id, { times: 2 })).body).toEqual({ statuses: [200, 200] });

    expect((await wire()).map((entry: { body: string }) => entry.body)).toEqual([body, body, body]);
    expect((await thread(channel, CUSTOMER)).body.messages).toHaveLength(1);
  });

  it.each(['support', 'support-sinch', 'support-aws'])('on channel %s edited is signed anew', async (channel) => {
    const { wire, resend, write, thread } = await aWire();
    await write({ channel, from: CUSTOMER, text: 'Hello', id: 'wamid.first' });
    const [{ id, body }] = await wire();
    const edited = body.replace('Hello', 'Edited').replace('wamid.first', 'wamid.second');

    expect((await resend(id, { body: edited })).body).toEqual({ statuses: [200] });

    const { messages } = (await thread(channel, CUSTOMER)).body;
    expect(messages.map(({ content }: { content: { text: string } }) => content.text)).toContain('Edited');
  });

  it('is none where it is a call, gone, or asked for wrongly', async () => {
    const { wire, resend, write, send } = await aWire();
    await write({ channel: 'support', from: CUSTOMER, text: 'Hello' });
    await send('support', CUSTOMER);
    const [webhook, call] = await wire();

    expect((await resend(call.id, {})).body.errors).toMatchObject([{ path: 'id' }]);
    expect((await resend('999', {})).status).toBe(404);
    expect((await resend(webhook.id, { times: 0 })).body.errors).toMatchObject([{ path: 'times' }]);
  });
});

describe('the next event', () => {
  it('is the closing, then the end, then none', async () => {
    const { write, call, clock, session } = await aWire();
    const next = async () => (await call('GET', '/_local/clock/next')).body.next;
    expect(await next()).toBeNull();
    await write({ channel: 'support', from: CUSTOMER, text: 'Hello' });
    const { expiresAt } = (await session('support', CUSTOMER)).body;

    const closing = await next();
    await clock({ now: closing.at });
    await call('POST', '/_local/sweep');
    const closed = await next();
    await clock({ now: closed.at });
    await call('POST', '/_local/sweep');

    expect(closing).toMatchObject({ what: 'session_closing', channel: 'support', customer: CUSTOMER });
    expect(closed).toMatchObject({ what: 'session_closed' });
    expect(Date.parse(closed.at)).toBe(Date.parse(expiresAt));
    expect(await next()).toBeNull();
    const { events } = (await call('GET', '/_local/events')).body;
    expect(events.map((event: Record<string, unknown>) => event['detail-type'])).toEqual(
      expect.arrayContaining(['session.closing', 'session.closed']),
    );
  });

  it('is a late webhook', async () => {
    const { write, call, fault } = await aWire();
    await fault({ provider: 'meta', kind: 'webhook_late', seconds: 5 });
    await write({ channel: 'support', from: CUSTOMER, text: 'Late' });

    expect((await call('GET', '/_local/clock/next')).body.next).toMatchObject({ what: 'webhook_late' });
  });
});
