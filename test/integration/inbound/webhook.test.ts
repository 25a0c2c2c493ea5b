import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseCustomer } from '../../../functions/shared/domain/customer.ts';
import { sessionKey } from '../../../functions/shared/store/keys.ts';
import { NOON, secondsAfterNoon } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { aChange, aContact, aMessage, aNotification, aStatus, aValue, signMeta, toBytes } from '../../support/meta.ts';
import { aConfig, aService, type TestService } from '../../support/service.ts';
import { aCallback, anInbound, aReceipt, bytesOf, sinchHeaders } from '../../support/sinch.ts';
import { aTable, type TestTable } from '../../support/table.ts';

const DAY = 86_400;
const PHONE = '+4915112345678';
const NOWHERE = 'http://127.0.0.1:9';

let table: TestTable;
let service: TestService;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
  service = aService(table, aConfig(NOWHERE));
});

const written = (at: Date) => ({ timestamp: String(at.getTime() / 1000) });
const meta = (body: Uint8Array | string, headers: Record<string, string> = { 'x-hub-signature-256': signMeta(body) }) =>
  service.webhook('POST /webhooks/meta/{account}', { path: { account: 'shop-meta' }, headers, body });
const notify = (...messages: readonly unknown[]) =>
  meta(toBytes(aNotification(aChange(aValue({ contacts: [aContact()], messages })))));
const sinch = (body: Uint8Array, secret = 'first-secret', at = NOON) =>
  service.webhook('POST /webhooks/sinch/{account}', {
    path: { account: 'care-sinch' },
    headers: sinchHeaders(body, secret, {
      nonce: '01FJA8B4A7BM43YGWSG9GBV067',
      timestamp: String(at.getTime() / 1000),
    }),
    body,
  });

describe('GET /webhooks/meta/{account}', () => {
  const check = (query: Record<string, string>) =>
    service.webhook('GET /webhooks/meta/{account}', { path: { account: 'shop-meta' }, query });

  it('echoes the challenge to a caller with the verify token', async () => {
    const answer = await check({
      'hub.mode': 'subscribe',
      'hub.verify_token': 'fixture-verify-token',
      'hub.challenge': '1158201444',
    });

    expect(answer).toMatchObject({ status: 200, text: '1158201444', headers: { 'content-type': 'text/plain' } });
  });

  it('answers 403 to anybody else, without the token', async () => {
    const answer = await check({ 'hub.mode': 'subscribe', 'hub.verify_token': 'guess', 'hub.challenge': '1' });

    expect(answer).toMatchObject({ status: 403, body: { code: 'invalid_verify_token' } });
    expect(answer.text).not.toContain('fixture-verify-token');
  });
});

describe('a signed webhook of Meta', () => {
  it('opens a session that the API then shows as open', async () => {
    expect(await notify(aMessage(written(NOON)))).toMatchObject({ status: 200 });

    service.setNow(secondsAfterNoon(90));
    expect((await service.session('support', PHONE)).body).toMatchObject({
      state: 'open',
      openedAt: NOON.toISOString(),
      expiresAt: secondsAfterNoon(DAY).toISOString(),
      remainingSeconds: DAY - 90,
      allowed: ['session', 'template'],
      nextAction: 'none',
    });
  });

  it('verifies bodies that are pretty-printed, escaped or base64-encoded by their bytes', async () => {
    const escaped = JSON.stringify(
      aNotification(aChange(aValue({ messages: [aMessage({ ...written(NOON), text: { body: 'Grüße 👋' } })] }))),
      undefined,
      2,
    ).replace(/[^\x20-\x7e\n]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

    expect((await meta(escaped)).status).toBe(200);
    expect((await meta(Buffer.from(escaped))).status).toBe(200);
    expect((await service.thread('support', PHONE)).body['messages']).toMatchObject([
      { content: { text: 'Grüße 👋' } },
    ]);
  });

  it('gives a customer without a phone number a session under the user id', async () => {
    const userId = parseCustomer('DE.4000000000000001');
    if (userId === undefined) throw new Error('not a user id');
    // The contact of this webhook carries the phone number, so a message without one must come with a bare contact.
    const bare = aNotification(
      aChange(
        aValue({
          contacts: [{ profile: {}, user_id: userId }],
          messages: [aMessage({ ...written(NOON), from: undefined })],
        }),
      ),
    );
    await meta(toBytes(bare));

    expect(await table.read(sessionKey('support', userId))).toMatchObject({ expiresAt: NOON.getTime() / 1000 + DAY });
    expect((await service.session('support', userId)).body).toMatchObject({ state: 'open', customer: userId });
  });

  it('takes a whole batch, with its broken items counted and none of the others lost', async () => {
    const body = aNotification(
      aChange(aValue({ messages: [aMessage({ ...written(NOON), id: 'wamid.1' }), { type: 'text' }, null] })),
      aChange('nonsense'),
      aChange(aValue({ statuses: [aStatus({ biz_opaque_callback_data: undefined })] })),
      aChange(aValue({ messages: [aMessage({ ...written(secondsAfterNoon(1)), id: 'wamid.2' })] })),
    );

    expect((await meta(toBytes(body))).status).toBe(200);

    const thread = (await service.thread('support', PHONE)).body['messages'] as { id: string }[];
    expect(thread.map(({ id }) => id)).toEqual(['wamid.2', 'wamid.1']);
    expect(service.log.counts).toMatchObject({ MessagesReceived: 2, StatusesUnknown: 1, ItemsMalformed: 3 });
  });

  it('takes a thousand messages of many customers at once', async () => {
    const messages = Array.from({ length: 1_000 }, (_, index) =>
      aMessage({
        ...written(NOON),
        id: `wamid.${index}`,
        from: String(4_915_100_000 + (index % 100)),
        from_user_id: undefined,
      }),
    );

    expect((await meta(toBytes(aNotification(aChange(aValue({ messages })))))).status).toBe(200);

    expect(service.log.counts).toMatchObject({ MessagesReceived: 1_000, SessionsOpened: 100 });
  });

  it('changes nothing when it is delivered again', async () => {
    await notify(aMessage(written(NOON)));
    service.setNow(secondsAfterNoon(3_600));

    expect((await notify(aMessage(written(NOON)))).status).toBe(200);

    expect((await service.session('support', PHONE)).body).toMatchObject({
      expiresAt: secondsAfterNoon(DAY).toISOString(),
    });
    expect((await service.thread('support', PHONE)).body['messages']).toHaveLength(1);
  });

  it('is verified with every live secret while one is being rotated', async () => {
    const rotating = aService(table, aConfig(NOWHERE), { appSecrets: ['next-secret', 'fixture-app-secret'] });
    const body = toBytes(aNotification(aChange(aValue({ messages: [aMessage(written(NOON))] }))));
    const deliver = (secret: string) =>
      rotating.webhook('POST /webhooks/meta/{account}', {
        path: { account: 'shop-meta' },
        headers: { 'x-hub-signature-256': signMeta(body, secret) },
        body,
      });

    expect([(await deliver('fixture-app-secret')).status, (await deliver('next-secret')).status]).toEqual([200, 200]);
    expect((await deliver('retired-secret')).status).toBe(401);
  });
});

describe('a webhook that cannot be trusted or read', () => {
  const body = toBytes(aNotification(aChange(aValue({ messages: [aMessage(written(NOON))] }))));

  it.each([
    ['no signature', {}],
    ['a signature with another secret', { 'x-hub-signature-256': signMeta(body, 'guess') }],
    ['a signature of another body', { 'x-hub-signature-256': signMeta('{}') }],
    ['half a signature', { 'x-hub-signature-256': signMeta(body).slice(0, 40) }],
  ])('is answered 401 and nothing is read or written: %s', async (_, headers) => {
    expect(await meta(body, headers)).toMatchObject({ status: 401, body: { code: 'invalid_signature' } });
    expect(table.wire.commands).toEqual([]);
    expect(service.log.counts).toEqual({ SignatureFailures: 1 });
  });

  it.each(['{"object":', '[]', 'null', '{}', '"text"', '', '\u0000'])(
    'is answered 200, counted, and kept raw in one write when it is properly signed but says %j',
    async (text) => {
      expect((await meta(text)).status).toBe(200);
      expect(table.wire.commands).toEqual(['PutItem']);
      expect(await table.scan()).toMatchObject([{ pk: 'UNPLACED#shop-meta#2026-11-20' }]);
      expect(service.log.counts).toEqual({ ItemsMalformed: 1, ItemsUnplaced: 1 });
    },
  );

  it('is answered 200, counted, and writes nothing when it is of another product', async () => {
    expect((await meta('{"object":"page"}')).status).toBe(200);
    expect(table.wire.commands).toEqual([]);
    expect(service.log.counts).toEqual({ ItemsIgnored: 1 });
  });

  it('is answered 413 beyond 3 MB, before anything else', async () => {
    const huge = Buffer.alloc(3 * 1024 * 1024 + 1, ' ');

    expect(await meta(huge)).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
  });

  it.each([
    ['nobody has', 'POST /webhooks/meta/{account}', 'nobody'],
    ['another provider has', 'POST /webhooks/meta/{account}', 'care-sinch'],
    ['another provider has', 'POST /webhooks/sinch/{account}', 'shop-meta'],
  ])('is answered 404 for an account that %s', async (_, route, account) => {
    expect(await service.webhook(route, { path: { account }, body })).toMatchObject({
      status: 404,
      body: { code: 'unknown_account' },
    });
  });

  it('is answered 200 and ignored when it is for a number of another account', async () => {
    const foreign = aValue({ metadata: { phone_number_id: '999' }, messages: [aMessage(written(NOON))] });

    expect((await meta(toBytes(aNotification(aChange(foreign))))).status).toBe(200);
    expect(table.wire.commands).toEqual([]);
  });
});

describe('a table that is not there for a moment', () => {
  it.each([
    [0, 'before'],
    [0, 'after'],
    [1, 'before'],
    [1, 'after'],
    [2, 'before'],
    [2, 'after'],
    [3, 'before'],
    [3, 'after'],
  ] as const)(
    'is answered 5xx, and the provider’s retry loses and doubles nothing: request %i fails %s',
    async (step, when) => {
      table.wire.failAt(step, when);

      expect((await notify(aMessage(written(NOON)))).status).toBe(500);
      service.setNow(secondsAfterNoon(60));
      expect((await notify(aMessage(written(NOON)))).status).toBe(200);

      expect((await service.session('support', PHONE)).body).toMatchObject({
        state: 'open',
        expiresAt: secondsAfterNoon(DAY).toISOString(),
      });
      expect((await service.thread('support', PHONE)).body['messages']).toHaveLength(1);
    },
  );

  it('keeps the other customers of the batch', async () => {
    const two = aNotification(
      aChange(
        aValue({
          messages: [
            aMessage({ ...written(NOON), id: 'wamid.1', from: '4915100000001', from_user_id: undefined }),
            aMessage({ ...written(NOON), id: 'wamid.2', from: '4915100000002', from_user_id: undefined }),
          ],
        }),
      ),
    );
    table.wire.failAt(0, 'before');

    expect((await meta(toBytes(two))).status).toBe(500);

    const states = await Promise.all(
      ['+4915100000001', '+4915100000002'].map(
        async (phone) => (await service.session('support', phone)).body['state'],
      ),
    );
    expect(states).toEqual(['closed', 'open']);
  });
});

describe('a signed webhook of Sinch', () => {
  const text = anInbound(
    { text_message: { text: 'Hallo' } },
    {},
    { event_time: NOON.toISOString(), accepted_time: secondsAfterNoon(3).toISOString() },
  );

  it('opens a session at the channel’s own time', async () => {
    expect((await sinch(bytesOf(text))).status).toBe(200);

    expect((await service.session('support-sinch', PHONE)).body).toMatchObject({
      state: 'open',
      expiresAt: secondsAfterNoon(DAY).toISOString(),
    });
  });

  it.each([
    ['with another secret', 'guess', NOON],
    ['a day and a second ago', 'first-secret', secondsAfterNoon(-DAY - 1)],
    ['more than five minutes ahead', 'first-secret', secondsAfterNoon(301)],
  ])('is refused when it was signed %s', async (_, secret, at) => {
    expect(await sinch(bytesOf(text), secret, at)).toMatchObject({ status: 401, body: { code: 'invalid_signature' } });
    expect(table.wire.commands).toEqual([]);
  });

  it('may come again with its old signature', async () => {
    await sinch(bytesOf(text));
    service.setNow(secondsAfterNoon(DAY - 60));

    expect((await sinch(bytesOf(text))).status).toBe(200);
    expect((await service.thread('support-sinch', PHONE)).body['messages']).toHaveLength(1);
  });

  it.each([
    [
      'another channel',
      anInbound({ text_message: { text: 'Hi' } }, { channel_identity: { channel: 'MESSENGER', identity: '7' } }),
    ],
    ['an injected message', anInbound({ text_message: { text: 'Hi' } }, { injected: true })],
    ['another app', { ...text, app_id: 'OTHER' }],
    ['a conversation that started', aCallback({ conversation_start_notification: { conversation: {} } })],
  ])('is acknowledged and changes nothing when it is %s', async (_, body) => {
    expect((await sinch(bytesOf(body))).status).toBe(200);
    expect(table.wire.commands).toEqual([]);
  });

  it('is looked up once, acknowledged and changes nothing when it is a receipt of another sender', async () => {
    expect((await sinch(bytesOf(aReceipt({ metadata: '' })))).status).toBe(200);
    expect(table.wire.commands).toEqual(['GetItem']);
    expect(await table.scan()).toEqual([]);
    expect(service.log.counts).toEqual({ StatusesUnknown: 1 });
  });
});

describe('a webhook of a customer whose session cannot be read', () => {
  it('is delivered again and counted, its message is stored, and others are taken', async () => {
    const customer = parseCustomer(PHONE);
    if (customer === undefined) throw new Error('a phone number is a customer');
    const broken = { ...sessionKey('support', customer), phase: 'ajar' };
    await table.documents.send(new PutCommand({ TableName: table.tableName, Item: broken }));
    const other = aMessage({ ...written(NOON), id: 'wamid.other', from: '4915112345679' });

    expect((await notify(aMessage(written(NOON)), other)).status).toBe(500);

    expect(service.log.counts).toMatchObject({ ItemsFailed: 1, ItemsUnreadable: 1, MessagesReceived: 1 });
    const kept = (await table.scan()).filter(({ pk, sk }) => pk === broken.pk && String(sk).startsWith('MSG#'));
    expect(kept).toMatchObject([{ direction: 'inbound' }]);
    expect((await service.session('support', '+4915112345679')).body).toMatchObject({ state: 'open' });
  });
});
