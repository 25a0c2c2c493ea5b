import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CUSTOMER, NOON, secondsAfterNoon } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { aChange, aMessageOf, aNotification, aValue, signMeta, toBytes } from '../../support/meta.ts';
import { aProviderServer, type ProviderServer } from '../../support/provider-server.ts';
import { aConfig, aService, type TestService } from '../../support/service.ts';
import { anInbound, bytesOf, sinchHeaders } from '../../support/sinch.ts';
import { aTable, type TestTable } from '../../support/table.ts';
import { aTemplate, aTemplateContent, register } from '../../support/templates.ts';

const WA_ID = CUSTOMER.slice(1);
const PROMOTION = 'summer_offer';

let table: TestTable;
let provider: ProviderServer;
let service: TestService;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
  provider = await aProviderServer(({ path }) => {
    if (path.includes('oauth2')) return { body: { access_token: 'token', expires_in: 3600 } };
    return path.includes('messages:send')
      ? { body: { message_id: '01KADQ2M7S0V9T4JYB6GSENT01', accepted_time: NOON.toISOString() } }
      : { body: { messaging_product: 'whatsapp', messages: [{ id: 'wamid.sent' }] } };
  });
  service = aService(table, aConfig(provider.url));
});
afterEach(() => provider.close());

const CONSENT = '/v1/channels/{channel}/customers/{customer}/consent';
const consentOf = async (channel: string) =>
  (await service.route(`GET ${CONSENT}`, { path: { channel, customer: CUSTOMER } })).body;
const record = (channel: string, state: string) =>
  service.route(`PUT ${CONSENT}`, {
    path: { channel, customer: CUSTOMER },
    body: JSON.stringify({ state, source: 'phone call', actor: 'agent 7' }),
  });
const answer = (channel: string) =>
  service.send({ channel, to: CUSTOMER, content: { type: 'text', text: 'On its way' } });

const atMeta = (type: string, content: unknown, at: Date) => {
  service.setNow(at);
  const message = aMessageOf(type, content, {
    from: WA_ID,
    from_user_id: undefined,
    id: `wamid.${at.getTime()}`,
    timestamp: String(at.getTime() / 1000),
    ...(type === 'text' ? { text: content } : {}),
  });
  const body = toBytes(aNotification(aChange(aValue({ messages: [message] }))));
  return service.webhook('POST /webhooks/meta/{account}', {
    path: { account: 'shop-meta' },
    headers: { 'x-hub-signature-256': signMeta(body) },
    body,
  });
};

const atSinch = (content: object, at: Date) => {
  service.setNow(at);
  const message = {
    id: `01KADQ${at.getTime()}`,
    channel_identity: { channel: 'WHATSAPP', identity: WA_ID, app_id: '' },
    accept_time: at.toISOString(),
  };
  const body = bytesOf(anInbound(content, message, { event_time: at.toISOString(), accepted_time: at.toISOString() }));
  const signed = { nonce: '01FJA8B4A7BM43YGWSG9GBV067', timestamp: String(Math.floor(at.getTime() / 1000)) };
  return service.webhook('POST /webhooks/sinch/{account}', {
    path: { account: 'care-sinch' },
    headers: sinchHeaders(body, 'first-secret', signed),
    body,
  });
};

const LATER = secondsAfterNoon(60);
const OURS = '01KADQ2M7S0V9T4JYB6GSENT01';

/** A tap on a label, as each provider reports it for each kind of question. */
const TAPS: readonly (readonly [string, string, (label: string) => Promise<{ status: number | undefined }>])[] = [
  [
    'a button of Meta',
    'support',
    (title) => atMeta('interactive', { type: 'button_reply', button_reply: { id: 'c', title } }, LATER),
  ],
  [
    'a list row of Meta',
    'support',
    (title) => atMeta('interactive', { type: 'list_reply', list_reply: { id: 's', title } }, LATER),
  ],
  ['a quick reply of Meta', 'support', (text) => atMeta('button', { text, payload: 'end-77' }, LATER)],
  [
    'a flow of Meta',
    'support',
    (body) => atMeta('interactive', { type: 'nfm_reply', nfm_reply: { body, response_json: '{}' } }, LATER),
  ],
  [
    'a choice of Sinch',
    'support-sinch',
    (label) => atSinch({ choice_response_message: { message_id: OURS, postback_data: `${OURS}_${label}` } }, LATER),
  ],
];

describe.each(TAPS)('a tap on %s', (_, channel, tap) => {
  it('tap-cancel: on Cancel changes no consent, and its answer goes', async () => {
    await record(channel, 'opted_in');

    expect((await tap('Cancel')).status).toBe(200);

    expect(await consentOf(channel)).toMatchObject({ state: 'opted_in', version: 1 });
    expect((await answer(channel)).status).toBe(201);
  });

  it('tap-quick-reply-end: on End changes no consent', async () => {
    await record(channel, 'opted_in');
    await tap('End');

    expect(await consentOf(channel)).toMatchObject({ state: 'opted_in', version: 1 });
  });

  it('tap-start: on Start opts no one in', async () => {
    await record(channel, 'opted_out');
    await tap('Start');

    expect(await consentOf(channel)).toMatchObject({ state: 'opted_out', version: 1 });
  });

  it('tap-stop: on STOP opts out', async () => {
    await tap('STOP');

    expect(await consentOf(channel)).toMatchObject({ state: 'opted_out', source: 'keyword', text: 'STOP' });
  });

  it('tap-stop-promotions: on Stop promotions stops marketing alone', async () => {
    await record(channel, 'opted_in');
    await tap('Stop promotions');

    expect(await consentOf(channel)).toMatchObject({
      state: 'opted_in',
      marketing: { state: 'opted_out', updatedAt: LATER.toISOString() },
      history: [{ scope: 'marketing', state: 'opted_out', text: 'Stop promotions' }, { scope: 'all' }],
    });
  });
});

describe('what a tap carries for the business', () => {
  it('is never read as a keyword: the payload and the id of Meta, the postback data of Sinch', async () => {
    await atMeta('button', { text: 'No more offers', payload: 'STOP' }, LATER);
    await atMeta('interactive', { type: 'button_reply', button_reply: { id: 'STOP', title: 'Later' } }, NOON);
    await atSinch({ choice_response_message: { message_id: OURS, postback_data: 'STOP' } }, LATER);

    expect(await consentOf('support')).toMatchObject({ state: 'unknown', history: [] });
    expect(await consentOf('support-sinch')).toMatchObject({ state: 'unknown', history: [] });
  });
});

const TYPED: readonly (readonly [string, (text: string, at: Date) => Promise<{ status: number | undefined }>])[] = [
  ['support', (body, at) => atMeta('text', { body }, at)],
  ['support-sinch', (text, at) => atSinch({ text_message: { text } }, at)],
];

describe.each(TYPED)('what a customer of %s types', (channel, type) => {
  it('stop-words: opts out in each of the usual spellings, and not in a sentence', async () => {
    const words = ['Stop.', 'STOP!', 'stop\u200e', 'ＳＴＯＰ', 'STOPALL', 'opt out', 'OptOut', 'REVOKE'];
    for (const [index, word] of words.entries()) {
      await type('START', secondsAfterNoon(10 * index));
      await type('Stop. Thank you for everything', secondsAfterNoon(10 * index + 1));
      expect(await consentOf(channel), word).toMatchObject({ state: 'opted_in', text: 'START' });
      await type(word, secondsAfterNoon(10 * index + 2));
      expect(await consentOf(channel), word).toMatchObject({ state: 'opted_out', text: word });
    }
  });

  it('plain-cancel: changes nothing by Cancel, END or quit, unless the channel lists them', async () => {
    const words = ['Cancel', 'END', 'quit'];
    for (const [index, word] of words.entries()) await type(word, secondsAfterNoon(index));
    expect(await consentOf(channel)).toMatchObject({ state: 'unknown', history: [] });

    const config = aConfig(provider.url);
    const channels = config.channels.map((one) => ({ ...one, optOutKeywords: { add: ['cancel'] } }));
    service = aService(table, { ...config, channels });
    await type('Cancel', secondsAfterNoon(10));
    expect(await consentOf(channel)).toMatchObject({ state: 'opted_out', text: 'Cancel' });
  });

  it('stops marketing alone by Stop promotions, until START', async () => {
    await type('stop promotions!', NOON);
    expect(await consentOf(channel)).toMatchObject({ state: 'unknown', marketing: { state: 'opted_out' } });
    expect((await answer(channel)).status).toBe(201);
  });
});

describe('Stop promotions', () => {
  it('tap-stop-promotions: refuses marketing templates, and no others', async () => {
    await register(table, aTemplate(), aTemplate({ name: PROMOTION, category: 'MARKETING' }));
    await record('support', 'opted_in');
    await atMeta('button', { text: 'Stop promotions', payload: 'Stop promotions' }, LATER);
    const template = (name: string) =>
      service.send({ channel: 'support', to: CUSTOMER, content: aTemplateContent({ name }) });

    expect(await template(PROMOTION)).toMatchObject({
      status: 409,
      body: { code: 'opted_out', detail: expect.stringContaining('MARKETING') },
    });
    expect((await template('order_update')).status).toBe(201);
    await atMeta('text', { body: 'START' }, secondsAfterNoon(120));
    expect((await template(PROMOTION)).status).toBe(201);
  });
});
