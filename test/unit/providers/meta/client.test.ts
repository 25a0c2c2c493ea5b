import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CustomerKey } from '../../../../functions/shared/domain/customer.ts';
import { createMetaSender } from '../../../../functions/shared/providers/meta/client.ts';
import type { OutboundMessage, SendOutcome } from '../../../../functions/shared/providers/provider.ts';
import { ThreadRequest } from '../../../../infra/local/simulator/meta/send-request.ts';
import { aMetaAccount, aMetaChannel, metaSecrets, PHONE_NUMBER_ID } from '../../../support/meta.ts';
import { aClosedOrigin, aProviderServer, type Scripted } from '../../../support/provider-server.ts';

const servers: { close: () => Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const serve = async (scripted: Scripted) => {
  const server = await aProviderServer(() => scripted);
  servers.push(server);
  return server;
};

const sender = (baseUrl: string, secrets = async () => metaSecrets) =>
  createMetaSender({ account: aMetaAccount({ baseUrl }), secrets, now: () => now });

const NOW = new Date('2026-11-20T09:00:00.000Z');
let now = NOW;
beforeEach(() => {
  now = NOW;
});

const aTextMessage: OutboundMessage = {
  channel: aMetaChannel(),
  to: CustomerKey.parse('+4915112345678'),
  content: { type: 'text', text: 'Grüße 🙏' },
  reference: 'msg_01',
};

const send = (baseUrl: string): Promise<SendOutcome> => sender(baseUrl).send(aTextMessage);

describe('a send through the Cloud API', () => {
  it('posts the message to the number with the access token', async () => {
    const meta = await serve({ body: { messaging_product: 'whatsapp', messages: [{ id: 'wamid.OUT1' }] } });

    expect(await send(meta.url)).toEqual({ kind: 'sent', providerMessageId: 'wamid.OUT1' });
    expect(meta.calls).toMatchObject([
      {
        method: 'POST',
        path: `/v26.0/${PHONE_NUMBER_ID}/messages`,
        headers: { authorization: 'Bearer fixture-access-token', 'content-type': 'application/json' },
        body: {
          messaging_product: 'whatsapp',
          recipient_type: 'individual',
          to: '+4915112345678',
          type: 'text',
          text: { body: 'Grüße 🙏' },
          biz_opaque_callback_data: 'msg_01',
        },
      },
    ]);
  });

  it('is rejected with the error that Meta gives', async () => {
    const meta = await serve({ status: 400, body: { error: { code: 131047, message: '(#131047)' } } });

    expect(await send(meta.url)).toMatchObject({ kind: 'rejected', error: { class: 'window_closed' } });
  });

  it('is in doubt when the connection breaks after the request, and is not repeated', async () => {
    const meta = await serve({ hangUp: true });

    expect(await send(meta.url)).toMatchObject({ kind: 'in_doubt', error: { code: 'UND_ERR_SOCKET' } });
    expect(meta.calls).toHaveLength(1);
  });

  it('is unavailable when the host refuses the connection', async () => {
    expect(await send(await aClosedOrigin())).toMatchObject({
      kind: 'unavailable',
      error: { code: 'ECONNREFUSED', class: 'retry_now' },
    });
  });

  it('carries every content', () => {
    expect(sender('http://127.0.0.1').unsupported({ type: 'image', mediaId: '9001' })).toBeUndefined();
  });
});

describe('a send whose window ends before the call', () => {
  it.each([
    [1, 0, 1],
    [0.001, 0, 1],
    [0, 0, 0],
    [-1, 0, 0],
    [4, 5, 0],
  ])('with %d s left, %d of them spent on secrets, makes %i calls', async (seconds, secretsTakeSeconds, calls) => {
    const meta = await serve({ body: { messages: [{ id: 'wamid.OUT1' }] } });
    const slow = sender(meta.url, async () => {
      now = new Date(NOW.getTime() + secretsTakeSeconds * 1000);
      return metaSecrets;
    });

    const { kind } = await slow.send({ ...aTextMessage, endsAtMs: NOW.getTime() + seconds * 1000 });

    expect([kind, meta.calls.length]).toEqual([calls === 1 ? 'sent' : 'too_late', calls]);
  });
});

describe('secrets that cannot be read', () => {
  it('are told as unavailable by the name of the fault: nothing was sent', async () => {
    class AccessDeniedException extends Error {
      override readonly name = 'AccessDeniedException';
    }
    const locked = sender('http://127.0.0.1:9', () => Promise.reject(new AccessDeniedException('+4915112345678')));

    const outcome = await locked.send(aTextMessage);

    expect(outcome).toMatchObject({ kind: 'unavailable', error: { code: 'secrets_AccessDeniedException' } });
    expect(JSON.stringify(outcome)).not.toContain('4915112345678');
  });
});

describe('the control of a thread', () => {
  const control = (threadControlUrl: string | undefined, customer: string, action: 'take' | 'release') =>
    createMetaSender({
      account: aMetaAccount(threadControlUrl === undefined ? {} : { threadControlUrl }),
      secrets: async () => metaSecrets,
      now: () => NOW,
    }).controlThread?.({ channel: aMetaChannel(), customer: CustomerKey.parse(customer), action });

  it('is asked of Meta by the number of the customer, or by the user id', async () => {
    const meta = await serve({ body: { messaging_product: 'whatsapp' } });

    expect(await control(meta.url, '+4915112345678', 'take')).toEqual({ kind: 'done' });
    expect(await control(meta.url, 'DE.4000000000000001', 'release')).toEqual({ kind: 'done' });
    expect(meta.calls).toMatchObject([
      {
        method: 'POST',
        path: `/business/whatsapp/phone_numbers/${PHONE_NUMBER_ID}/thread_control`,
        headers: { authorization: 'Bearer fixture-access-token', 'x-api-version': '1.0.0' },
        body: { messaging_product: 'whatsapp', to: '+4915112345678', action: 'take' },
      },
      { body: { messaging_product: 'whatsapp', recipient: 'DE.4000000000000001', action: 'release' } },
    ]);
    for (const { body } of meta.calls) expect(ThreadRequest.safeParse(body).success).toBe(true);
  });

  it('may be refused, or be repeated where nothing is known', async () => {
    const refused = await serve({ status: 400, body: { error: { code: 2_494_191, message: 'x' } } });
    const broken = await serve({ hangUp: true });

    expect(await control(refused.url, '+4915112345678', 'take')).toMatchObject({
      kind: 'rejected',
      error: { code: '2494191', class: 'never' },
    });
    expect(await control(broken.url, '+4915112345678', 'take')).toMatchObject({ kind: 'unavailable' });
  });

  it('is not asked for where the account does not use it', () => {
    expect(control(undefined, '+4915112345678', 'take')).toBeUndefined();
  });
});
