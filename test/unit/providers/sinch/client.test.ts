import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseCustomer } from '../../../../functions/shared/domain/customer.ts';
import { createSinchSender } from '../../../../functions/shared/providers/sinch/client.ts';
import {
  anOutbound,
  aSinchAccount,
  json,
  type ProviderServer,
  type ReceivedCall,
  SINCH_APP,
  SINCH_SECRETS,
  startProvider,
} from '../../../support/sinch.ts';
import { aBody, aRegisteredTemplate, aTemplateContent, aText } from '../../../support/template-parts.ts';

let provider: ProviderServer | undefined;
afterEach(async () => {
  vi.restoreAllMocks();
  await provider?.close();
  provider = undefined;
});

type Answer = (response: ServerResponse, call: ReceivedCall) => void;

const accept: Answer = (response) =>
  json(response, 200, { message_id: '01KADQ2M7S0V9T4JYB6GSENT01', accepted_time: '2026-11-20T09:00:01Z' });

const issueToken = (response: ServerResponse, number: number) =>
  json(response, 200, { access_token: `token-${number}`, expires_in: 3600 });

const error = (code: number, status: string) => ({ error: { code, message: 'For +4915112345678', status } });

const NOW = new Date('2026-11-20T09:00:00.250Z');

/** One server for both: the token endpoint issues token-1, token-2 …, everything else is answered by `answer`. */
const setUp = async ({ answer = accept, token = issueToken, timeoutMs = 60_000, tokenTakesSeconds = 0 } = {}) => {
  const clock = { now: NOW };
  let tokens = 0;
  const server = await startProvider((call, response) => {
    if (call.url !== '/token') return answer(response, call);
    clock.now = new Date(clock.now.getTime() + tokenTakesSeconds * 1000);
    token(response, ++tokens);
  });
  provider = server;
  const sender = createSinchSender({
    account: aSinchAccount({ baseUrl: server.origin, authUrl: `${server.origin}/token` }),
    secrets: () => Promise.resolve(SINCH_SECRETS),
    now: () => clock.now,
    timeoutMs,
  });
  const sends = () => server.calls.filter(({ url }) => url !== '/token');
  return { sender, sends, body: () => JSON.parse(sends()[0]?.body ?? ''), tokens: () => tokens };
};

describe('the sender of Sinch messages', () => {
  it('sends a template with its quick replies and without a time-to-live, which may be delivered days later', async () => {
    const { sender, body } = await setUp();
    const components = [
      { type: 'BODY', text: 'Hi {{1}}' },
      { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY' }] },
    ];
    const content = aTemplateContent({ components: [aBody(aText('Ada'))] });

    expect(
      await sender.send(anOutbound({ content, template: aRegisteredTemplate({ components }), endsAtMs: undefined })),
    ).toMatchObject({ kind: 'sent' });
    expect(body()).toEqual({
      app_id: SINCH_APP,
      recipient: { identified_by: { channel_identities: [{ channel: 'WHATSAPP', identity: '4915112345678' }] } },
      message: {
        template_message: {
          channel_template: {
            WHATSAPP: {
              template_id: 'parcel_news',
              language_code: 'en_US',
              parameters: { 'body[1]text': 'Ada', 'button[0]quick_reply[1]payload': '' },
            },
          },
        },
      },
      channel_priority_order: ['WHATSAPP'],
      message_metadata: 'msg_01KADQ2M7S0V9T4JYB6G1H3E5R',
    });
  });

  it('sends a text', async () => {
    const { sender, sends, body } = await setUp();

    expect(await sender.send(anOutbound())).toEqual({
      kind: 'sent',
      providerMessageId: '01KADQ2M7S0V9T4JYB6GSENT01',
    });
    expect(sends()).toMatchObject([
      {
        method: 'POST',
        url: '/v1/projects/care-project/messages:send',
        headers: { authorization: 'Bearer token-1', 'content-type': 'application/json' },
      },
    ]);
    expect(body()).toEqual({
      app_id: SINCH_APP,
      recipient: { identified_by: { channel_identities: [{ channel: 'WHATSAPP', identity: '4915112345678' }] } },
      message: { text_message: { text: 'Hello' } },
      channel_priority_order: ['WHATSAPP'],
      channel_properties: { WHATSAPP_PREVIEW_URL: 'false' },
      message_metadata: 'msg_01KADQ2M7S0V9T4JYB6G1H3E5R',
      ttl: '3600s',
    });
  });

  it('quotes the message that is answered, beside the content', async () => {
    const { sender, body } = await setUp();
    await sender.send(anOutbound({ content: { type: 'image', url: 'https://media.example/a.png' }, replyTo: '01IN' }));

    expect(body().message).toEqual({
      media_message: { url: 'https://media.example/a.png' },
      reply_to: { message_id: '01IN' },
    });
    expect(body()).not.toHaveProperty('channel_properties');
  });

  it('names a customer without a phone number by the user id', async () => {
    const { sender, body } = await setUp();
    const to = parseCustomer('DE.13491208655302741918') ?? anOutbound().to;
    await sender.send(anOutbound({ to }));

    expect(body().recipient.identified_by.channel_identities).toEqual([
      { channel: 'WHATSAPP', identity: 'DE.13491208655302741918' },
    ]);
  });

  it.each([
    [86_400, 0, '86400s'],
    [31, 0, '31s'],
    [31, 5, '26s'],
    [31, 0.4, '30s'],
    [3, 0, '3s'],
    [40, 8, '32s'],
  ])('of %d s left, %d of them spent on a token, sets the ttl %s', async (seconds, tokenTakesSeconds, ttl) => {
    const { sender, body } = await setUp({ tokenTakesSeconds });
    await sender.send(anOutbound({ endsAtMs: NOW.getTime() + seconds * 1000 }));

    expect(body().ttl).toBe(ttl);
  });

  it.each([
    [2.9, 0],
    [1, 0],
    [-1, 0],
    [4, 10],
  ])('of %d s left, %d of them spent on a token, sends nothing', async (seconds, tokenTakesSeconds) => {
    const { sender, sends } = await setUp({ tokenTakesSeconds });

    expect(await sender.send(anOutbound({ endsAtMs: NOW.getTime() + seconds * 1000 }))).toEqual({ kind: 'too_late' });
    expect(sends()).toHaveLength(0);
  });

  it('uses one token for many messages', async () => {
    const { sender, sends, tokens } = await setUp();
    await Promise.all([sender.send(anOutbound()), sender.send(anOutbound())]);
    await sender.send(anOutbound());

    expect([sends().length, tokens()]).toEqual([3, 1]);
  });

  it('sends again with a fresh token after a 401', async () => {
    const { sender, sends } = await setUp({
      answer: (response, call) =>
        call.headers.authorization === 'Bearer token-1' ? json(response, 401, {}) : accept(response, call),
    });

    expect(await sender.send(anOutbound())).toMatchObject({ kind: 'sent' });
    expect(sends().map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  it('is rejected, with an alert, when the fresh token is refused too', async () => {
    const unauthenticated = { error: { code: 401, message: 'invalid', status: 'UNAUTHENTICATED' } };
    const { sender, sends } = await setUp({ answer: (response) => json(response, 401, unauthenticated) });

    expect(await sender.send(anOutbound())).toEqual({
      kind: 'rejected',
      error: { code: 'UNAUTHENTICATED', title: 'Sinch: unauthenticated', class: 'alert' },
    });
    expect(sends()).toHaveLength(2);
  });

  it('is unavailable without a token, and calls no host', async () => {
    const { sender, sends } = await setUp({ token: (response) => json(response, 500, '') });

    expect(await sender.send(anOutbound())).toMatchObject({ kind: 'unavailable' });
    expect(sends()).toEqual([]);
  });

  it('is rejected, with an alert, when the access key is refused', async () => {
    const { sender } = await setUp({ token: (response) => json(response, 401, '') });

    expect(await sender.send(anOutbound())).toMatchObject({ kind: 'rejected', error: { class: 'alert' } });
  });

  it.each([
    { status: 400, answer: error(400, 'INVALID_ARGUMENT'), kind: 'rejected', errorClass: 'fix_request' },
    { status: 403, answer: error(403, 'BILLING_CREDIT_LIMIT_BREACHED'), kind: 'rejected', errorClass: 'alert' },
    { status: 404, answer: error(404, 'NOT_FOUND'), kind: 'rejected', errorClass: 'alert' },
    {
      status: 400,
      answer: error(400, 'OUTSIDE_ALLOWED_SENDING_WINDOW'),
      kind: 'rejected',
      errorClass: 'window_closed',
    },
    { status: 501, answer: error(501, 'UNIMPLEMENTED'), kind: 'rejected', errorClass: 'never' },
    { status: 503, answer: error(503, 'UNAVAILABLE'), kind: 'unavailable', errorClass: 'retry_now' },
    { status: 429, answer: 'too fast', kind: 'unavailable', errorClass: 'retry_later' },
    { status: 500, answer: error(500, 'INTERNAL'), kind: 'in_doubt', errorClass: 'never' },
    { status: 500, answer: 'oops', kind: 'in_doubt', errorClass: 'never' },
    { status: 503, answer: '<html>', kind: 'in_doubt', errorClass: 'never' },
    { status: 200, answer: {}, kind: 'in_doubt', errorClass: 'never' },
    { status: 200, answer: 'not json', kind: 'in_doubt', errorClass: 'never' },
    { status: 200, answer: { message_id: '' }, kind: 'in_doubt', errorClass: 'never' },
  ])(
    'takes $status $answer as $kind, in one call and without repeating the number',
    async ({ kind, errorClass, ...told }) => {
      const { sender, sends } = await setUp({ answer: (response) => json(response, told.status, told.answer) });
      const outcome = await sender.send(anOutbound());

      expect(outcome).toMatchObject({ kind, error: { class: errorClass } });
      expect(JSON.stringify(outcome)).not.toContain('49151');
      expect(sends()).toHaveLength(1);
    },
  );

  it('hands on when Sinch asks to come back', async () => {
    const { sender } = await setUp({
      answer: (response) => json(response.setHeader('retry-after', '12'), 429, error(429, 'RESOURCE_EXHAUSTED')),
    });

    expect(await sender.send(anOutbound())).toMatchObject({ kind: 'unavailable', retryAfterSeconds: 12 });
  });

  it('is in doubt when the connection breaks after the request left', async () => {
    const { sender } = await setUp({ answer: (response) => response.destroy() });

    expect(await sender.send(anOutbound())).toMatchObject({ kind: 'in_doubt' });
  });

  it('is in doubt when no answer comes in time', async () => {
    const { sender } = await setUp({ answer: () => undefined, timeoutMs: 150 });

    expect(await sender.send(anOutbound())).toMatchObject({ kind: 'in_doubt', error: { code: 'timeout' } });
  });

  it('is unavailable when the host refuses the connection', async () => {
    const { sender } = await setUp();
    await sender.send(anOutbound());
    await provider?.close();

    expect(await sender.send(anOutbound())).toMatchObject({
      kind: 'unavailable',
      error: { code: 'ECONNREFUSED', class: 'retry_now' },
    });
  });

  it('says what Sinch cannot carry before anything is sent', async () => {
    const { sender, sends } = await setUp();
    const content = { type: 'reaction', messageId: 'x', emoji: '👍' } as const;

    expect(sender.unsupported(content)).toMatchObject({ path: 'content.type' });
    expect(sender.unsupported({ type: 'text', text: 'Hi' })).toBeUndefined();
    const upload = `up_30_${'0'.repeat(40)}`;
    expect(sender.unsupported({ type: 'document', upload: `${upload}.jpg` })).toMatchObject({ path: 'content.type' });
    expect(sender.unsupported({ type: 'document', upload: `${upload}.pdf` })).toBeUndefined();
    expect(await sender.send(anOutbound({ content }))).toMatchObject({
      kind: 'rejected',
      error: { code: 'unsupported', class: 'fix_request' },
    });
    expect(sends()).toEqual([]);
  });
});

describe('the address of a Sinch project', () => {
  it.each(['eu', 'us', 'br'] as const)(
    'is the host of the region %s, unless a base URL is configured',
    async (region) => {
      const fetch = vi
        .spyOn(globalThis, 'fetch')
        .mockImplementation(() =>
          Promise.resolve(Response.json({ access_token: 't', expires_in: 3600, message_id: '01SENT' })),
        );
      const sender = createSinchSender({
        account: aSinchAccount({ region, projectId: 'a/b c' }),
        secrets: () => Promise.resolve(SINCH_SECRETS),
        now: () => new Date('2026-11-20T09:00:00Z'),
      });
      await sender.send(anOutbound());

      expect(fetch.mock.calls.map(([request]) => request instanceof Request && request.url)).toEqual([
        'https://auth.sinch.com/oauth2/token',
        `https://${region}.conversation.api.sinch.com/v1/projects/a%2Fb%20c/messages:send`,
      ]);
    },
  );
});
