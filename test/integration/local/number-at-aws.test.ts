import { describe, expect, it } from 'vitest';
import { type Answer, aLocalService } from '../../support/local.ts';

const CUSTOMER = '+15551234567';
const DAY = 86_400;
const CHANNEL = 'support-aws';
const A_TEXT = { channel: CHANNEL, to: CUSTOMER, content: { type: 'text', text: 'How can we help?' } };

const atAws = async () => {
  const service = await aLocalService();
  const { calls } = service;
  return {
    ...service,
    sends: async () => (await calls()).filter(({ path }) => path === '/v1/whatsapp/send'),
    consent: (body: object) => service.call('PUT', `/v1/channels/${CHANNEL}/customers/${CUSTOMER}/consent`, { body }),
  };
};

/** What a front end on the same provider was seen to do wrong (aws-samples, rest-frontend). */
describe('a service that only passes messages on', () => {
  it('sends after the end of the window; this one refuses, and AWS is not called', async () => {
    const { write, send, clock, sends } = await atAws();
    await write({ channel: CHANNEL, from: CUSTOMER, text: 'Hello' });

    await clock({ advanceSeconds: DAY });

    expect(await send(CHANNEL, CUSTOMER)).toMatchObject({ status: 409, body: { code: 'window_closed' } });
    expect(await sends()).toEqual([]);
  });

  it('loses texts that come together; this one keeps each', async () => {
    const { write, thread } = await atAws();
    const texts = ['One', 'Two', 'Three', 'Four'];

    await Promise.all(texts.map((text) => write({ channel: CHANNEL, from: CUSTOMER, text })));

    const { messages } = (await thread(CHANNEL, CUSTOMER)).body;
    const kept = messages.map(({ content }: { content: { text: string } }) => content.text);
    expect(kept.toSorted()).toEqual(texts.toSorted());
  });

  it('shortens the window by an older message; this one keeps the later end', async () => {
    const { write, session, clock, call } = await atAws();
    const { now: early } = (await call('GET', '/_local/clock')).body;
    await clock({ advanceSeconds: 3_600 });
    await write({ channel: CHANNEL, from: CUSTOMER, text: 'Later' });
    const { expiresAt } = (await session(CHANNEL, CUSTOMER)).body;

    await write({ channel: CHANNEL, from: CUSTOMER, text: 'Earlier, delivered late', at: early });

    expect((await session(CHANNEL, CUSTOMER)).body).toMatchObject({ state: 'open', expiresAt });
  });

  it('overwrites a consent by an older one; this one keeps the STOP', async () => {
    const { write, clock, call, consent, send } = await atAws();
    const { now: effectiveAt } = (await call('GET', '/_local/clock')).body;
    await clock({ advanceSeconds: 3_600 });
    await write({ channel: CHANNEL, from: CUSTOMER, text: 'STOP' });

    const older = await consent({ state: 'opted_in', source: 'crm', actor: 'import', effectiveAt });

    expect(older).toMatchObject({ status: 200, body: { state: 'opted_out', outcome: 'older' } });
    expect(await send(CHANNEL, CUSTOMER)).toMatchObject({ status: 409, body: { code: 'opted_out' } });
  });

  it('sends twice what is asked for twice; this one sends once, also where AWS does not answer', async () => {
    const { write, call, fault, sends } = await atAws();
    await write({ channel: CHANNEL, from: CUSTOMER, text: 'Hello' });
    const send = (key: string): Promise<Answer> =>
      call('POST', '/v1/messages', { body: A_TEXT, headers: { 'idempotency-key': key } });

    const both = await Promise.all([send('order-1'), send('order-1')]);
    const repeated = await send('order-1');
    await fault({ provider: 'aws-social', kind: 'refuse_connection', times: 1 });
    const retried = await send('order-2');

    expect(both.map(({ status }) => status)).toContain(201);
    expect(repeated).toMatchObject({ status: 201, body: { status: 'sent' } });
    expect(retried.status).toBe(201);
    expect(await sends()).toHaveLength(2);
  });
});
