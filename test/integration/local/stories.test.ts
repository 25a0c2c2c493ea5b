import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ProviderCall } from '../../../infra/local/simulator/call-log.ts';
import { eventually } from '../../support/eventually.ts';
import { aLocalService, aMetaWebhook, postMeta } from '../../support/local.ts';

const CUSTOMER = '+15551234567';
const USER_ID = 'US.13491208655302741918';
const DAY = 86_400;
const sends = (calls: readonly ProviderCall[]) =>
  calls.filter(({ path }) => /\/(messages(:send)?|whatsapp\/send)$/.test(path));

describe.each(['support', 'support-sinch', 'support-aws'])('on channel %s', (channel) => {
  it('a customer writes, is answered, and a day later the same text is refused', async () => {
    const { write, session, send, clock, calls, thread } = await aLocalService();

    const written = await write({ channel, from: CUSTOMER, text: 'Hëllo 👍' });
    const open = await session(channel, CUSTOMER);
    const sent = await send(channel, CUSTOMER);
    await clock({ advanceSeconds: DAY });
    const refused = await send(channel, CUSTOMER);

    expect(written).toMatchObject({ status: 200, body: { webhook: { status: 200 } } });
    expect(open.body).toMatchObject({ state: 'open', customer: CUSTOMER });
    expect(open.body.remainingSeconds).toBeGreaterThan(DAY - 60);
    expect(sent).toMatchObject({ status: 201, body: { status: 'sent', sentAs: 'session' } });
    expect(refused).toMatchObject({ status: 409, body: { code: 'window_closed', session: { state: 'closed' } } });
    expect(sends(await calls())).toHaveLength(1);
    const { messages } = (await thread(channel, CUSTOMER)).body;
    expect(messages.map(({ direction }: { direction: string }) => direction)).toEqual(['outbound', 'inbound']);
    expect(messages[1]).toMatchObject({ id: written.body.messageId, content: { type: 'text', text: 'Hëllo 👍' } });
  });

  it('a customer who writes again is answered again', async () => {
    const { write, send, clock } = await aLocalService();

    await write({ channel, from: CUSTOMER, text: 'Hello' });
    await clock({ advanceSeconds: DAY });
    await write({ channel, from: CUSTOMER.slice(1), text: 'Still there?' });

    expect((await send(channel, CUSTOMER)).status).toBe(201);
  });

  it('a message that arrives late leaves only the rest of its day', async () => {
    const { write, session, clock, call } = await aLocalService();
    const { now } = (await call('GET', '/_local/clock')).body;

    await clock({ advanceSeconds: DAY - 100 });
    await write({ channel, from: CUSTOMER, text: 'Late', at: now });

    const { body } = await session(channel, CUSTOMER);
    expect(body.state).toBe('open');
    expect(body.remainingSeconds).toBeLessThanOrEqual(100);
    expect(body.lastInboundAt).toBe(now.replace(/\.\d+Z/, '.000Z'));
  });

  it('statuses change the status of the message', async () => {
    const { write, send, report, message } = await aLocalService();
    await write({ channel, from: CUSTOMER, text: 'Hello' });
    const { id, providerMessageId } = (await send(channel, CUSTOMER)).body;

    const delivered = await report({ id, status: 'delivered' });
    const read = await report({ id: providerMessageId, status: 'read' });

    // AWS answers a send with an id of its own, and its events have Meta's.
    const reported = channel === 'support-aws' ? expect.stringMatching(/^wamid\./) : providerMessageId;
    expect(delivered).toMatchObject({ status: 200, body: { messageId: reported, webhook: { status: 200 } } });
    expect(read.status).toBe(200);
    expect((await message(id)).body).toMatchObject({ status: 'read', providerMessageId: reported });
  });

  it('a failure has the given code', async () => {
    const code = channel === 'support-sinch' ? 'RECIPIENT_NOT_REACHABLE' : 131_049;
    const { write, send, report, message } = await aLocalService();
    await write({ channel, from: CUSTOMER, text: 'Hello' });
    const { id } = (await send(channel, CUSTOMER)).body;

    await report({ id, status: 'failed', code });

    const { status, statuses } = (await message(id)).body;
    expect(status).toBe('failed');
    expect(statuses.at(-1)).toMatchObject({ status: 'failed', error: { code: String(code) } });
  });
});

describe('a customer known by a user id alone', () => {
  it('is answered under that id', async () => {
    const { write, send, calls } = await aLocalService();

    await write({ channel: 'support', from: USER_ID, text: 'Hello' });

    expect((await send('support', USER_ID)).status).toBe(201);
    expect(sends(await calls())[0]?.body).toMatchObject({ recipient: USER_ID });
  });
});

describe('the provider’s own message object', () => {
  it('reaches the service with its absent fields filled in', async () => {
    const { write, thread } = await aLocalService();
    const location = { type: 'location', location: { latitude: 55.6, longitude: 13 }, id: 'wamid.mine' };

    const meta = await write({ channel: 'support', from: CUSTOMER, message: location });
    await write({
      channel: 'support-sinch',
      from: CUSTOMER,
      message: { media_message: { url: 'https://example.com/a.jpg' } },
    });
    await write({
      channel: 'support-sinch',
      from: CUSTOMER,
      message: { id: '01SINCH', contact_message: { text_message: { text: 'Whole' } } },
    });

    expect(meta.body.messageId).toBe('wamid.mine');
    expect((await thread('support', CUSTOMER)).body.messages).toMatchObject([
      { id: 'wamid.mine', content: { type: 'location', latitude: 55.6 } },
    ]);
    const bySinch = (await thread('support-sinch', CUSTOMER)).body.messages;
    expect(bySinch).toHaveLength(2);
    expect(bySinch).toContainEqual(expect.objectContaining({ id: '01SINCH' }));
  });

  it('does not open the session when it is a reaction', async () => {
    const { write, session } = await aLocalService();
    const reaction = { type: 'reaction', reaction: { message_id: 'wamid.x', emoji: '👍' } };

    await write({ channel: 'support', from: CUSTOMER, message: reaction });

    expect((await session('support', CUSTOMER)).body.state).toBe('closed');
  });
});

describe('a webhook that the simulator did not sign', () => {
  it('is known to the simulated WhatsApp too', async () => {
    const { url, send } = await aLocalService();
    const timestamp = String(Math.floor(Date.now() / 1000));
    const message = { from: CUSTOMER.slice(1), id: 'wamid.own', timestamp, type: 'text', text: { body: 'Hi' } };

    const accepted = await postMeta(url, aMetaWebhook(message));

    expect(accepted.status).toBe(200);
    expect((await send('support', CUSTOMER)).status).toBe(201);
  });

  it('is refused with a wrong signature', async () => {
    const { url, session } = await aLocalService();
    const timestamp = String(Math.floor(Date.now() / 1000));
    const message = { from: CUSTOMER.slice(1), id: 'wamid.own', timestamp, type: 'text', text: { body: 'Hi' } };

    const refused = await postMeta(url, aMetaWebhook(message), 'guessed');

    expect(refused).toMatchObject({ status: 401, body: { code: 'invalid_signature' } });
    expect((await session('support', CUSTOMER)).body.state).toBe('closed');
  });

  it('verifies with escaped unicode, pretty-printed and after bytes that are not UTF-8', async () => {
    const { url, session } = await aLocalService();
    const timestamp = String(Math.floor(Date.now() / 1000));
    const message = { from: CUSTOMER.slice(1), id: 'wamid.esc', timestamp, type: 'text', text: { body: 'äö' } };
    const escaped = JSON.stringify(aMetaWebhook(message), undefined, 2).replace('äö', '\\u00e4\\u00f6 \\u0040');

    expect((await postMeta(url, new Uint8Array([0x7b, 0xff, 0x7d]))).status).toBe(200);
    expect((await postMeta(url, `${escaped}\n`)).status).toBe(200);
    expect((await session('support', CUSTOMER)).body.state).toBe('open');
  });
});

/** A table in which the window is open, and a WhatsApp that does not know the customer. */
const disagreeing = async (channel: string) => {
  const tableName = `local-${randomUUID()}`;
  const before = await aLocalService({ tableName });
  await before.write({ channel, from: CUSTOMER, text: 'Hello' });
  await before.stop();
  return aLocalService({ tableName });
};

describe('the simulator’s own record', () => {
  it('makes Meta refuse a session message that the service allowed', async () => {
    const { send, session, calls } = await disagreeing('support');
    expect((await session('support', CUSTOMER)).body.state).toBe('open');

    const refused = await send('support', CUSTOMER);

    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'provider_window_closed', provider: { code: '131047' } },
    });
    expect(await calls()).toMatchObject([{ provider: 'meta', status: 400 }]);
  });

  it('makes Sinch accept it and report the failure later', async () => {
    const { send, message } = await disagreeing('support-sinch');

    const sent = await send('support-sinch', CUSTOMER);

    expect(sent.status).toBe(201);
    await eventually(async () => {
      const { status, statuses } = (await message(sent.body.id)).body;
      expect(status).toBe('failed');
      expect(statuses.at(-1)).toMatchObject({ error: { code: 'OUTSIDE_ALLOWED_SENDING_WINDOW' } });
    });
  });
});

describe('two local services', () => {
  it('run side by side and share nothing', async () => {
    const [one, other] = [await aLocalService(), await aLocalService()];

    await one.write({ channel: 'support', from: CUSTOMER, text: 'Hello' });
    await one.clock({ advanceSeconds: 60 });

    expect((await one.session('support', CUSTOMER)).body.state).toBe('open');
    expect((await other.session('support', CUSTOMER)).body.state).toBe('closed');
    const before = Date.now();
    const now = Date.parse((await other.call('GET', '/_local/clock')).body.now);
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });
});

describe('the Business Agent of Meta', () => {
  it('answers in standby until a person takes the conversation, and gets it back with the release', async () => {
    const { write, session, call, calls } = await aLocalService();
    const path = (action: string) => `/v1/channels/support/customers/${CUSTOMER}/session/${action}`;

    await write({ channel: 'support', from: CUSTOMER, field: 'standby', text: 'Hello' });
    const { owner } = (await session('support', CUSTOMER)).body;
    const taken = await call('POST', path('take'), { body: JSON.stringify({ as: 'person', seen: owner }) });
    const released = await call('POST', path('release'), { body: JSON.stringify({ as: 'person' }) });

    expect(owner).toMatchObject({ kind: 'meta_agent' });
    expect(taken).toMatchObject({ status: 200, body: { owner: { kind: 'person' } } });
    expect(released).toMatchObject({ status: 200, body: { owner: null } });
    expect((await calls()).map(({ path: called }) => called)).toEqual(
      ['take', 'release'].map(() => '/business/whatsapp/phone_numbers/106540352242922/thread_control'),
    );
  });

  it('hands a conversation over by a webhook', async () => {
    const { write, session } = await aLocalService();
    await write({ channel: 'support', from: CUSTOMER, field: 'standby', text: 'Hello' });
    const message = { type: 'control_passed', control_passed: { new_owner_role: 'escalation' } };
    const at = new Date(Date.now() + 5_000).toISOString();

    await write({ channel: 'support', from: CUSTOMER, field: 'messaging_handovers', message, at });

    expect((await session('support', CUSTOMER)).body).toMatchObject({ state: 'open', owner: null });
  });

  it('is of Meta alone', async () => {
    const { write } = await aLocalService();

    expect(await write({ channel: 'support-sinch', from: CUSTOMER, field: 'standby', text: 'Hello' })).toMatchObject({
      status: 400,
    });
  });
});
