import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CUSTOMER, NOON, NOON_SECONDS, secondsAfterNoon } from '../../support/arrivals.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import {
  aChange,
  aMessage,
  aMessageOf,
  aNotification,
  aStatus,
  aValue,
  signMeta,
  toBytes,
} from '../../support/meta.ts';
import { aProviderServer, type ProviderServer } from '../../support/provider-server.ts';
import { aConfig, aService, type TestService } from '../../support/service.ts';
import { aCallback, bytesOf, sinchHeaders } from '../../support/sinch.ts';
import { aTable, type TestTable } from '../../support/table.ts';

const DAY = 86_400;
const WA_ID = CUSTOMER.slice(1);
const TEXT = { channel: 'support', to: CUSTOMER, content: { type: 'text', text: 'How can we help?' } };

let table: TestTable;
let provider: ProviderServer;
let service: TestService;
beforeEach(async () => {
  table = await aTable(dynamoDbEndpoint());
  provider = await aProviderServer(() => ({
    body: { messaging_product: 'whatsapp', messages: [{ id: 'wamid.sent' }] },
  }));
  service = aService(table, aConfig(provider.url));
});
afterEach(() => provider.close());

const deliver = (...changes: readonly unknown[]) => {
  const body = toBytes(aNotification(...changes));
  return service.webhook('POST /webhooks/meta/{account}', {
    path: { account: 'shop-meta' },
    headers: { 'x-hub-signature-256': signMeta(body) },
    body,
  });
};
const sent = (at: Date) => ({
  from: WA_ID,
  from_user_id: undefined,
  id: `wamid.${at.getTime()}`,
  timestamp: String(at.getTime() / 1000),
});
const customerSends = (message: unknown) => deliver(aChange(aValue({ messages: [message] })));
const customerWrites = (body: string, at: Date) => {
  service.setNow(at);
  return customerSends(aMessage({ ...sent(at), text: { body } }));
};
const prefers = (value: string, at: Date) =>
  deliver(
    aChange(
      aValue({
        user_preferences: [
          { wa_id: WA_ID, category: 'marketing_messages', value, timestamp: at.getTime() / 1000, detail: '' },
        ],
      }),
      'user_preferences',
    ),
  );
const consent = async () =>
  (
    await service.route('GET /v1/channels/{channel}/customers/{customer}/consent', {
      path: { channel: 'support', customer: CUSTOMER },
    })
  ).body;
const optIn = (at: Date) => {
  service.setNow(at);
  return service.route('PUT /v1/channels/{channel}/customers/{customer}/consent', {
    path: { channel: 'support', customer: CUSTOMER },
    body: JSON.stringify({ state: 'opted_in', source: 'website', actor: 'customer' }),
  });
};
const window = async () => (await service.session('support', CUSTOMER)).body;

describe('STOP inside an open window', () => {
  beforeEach(async () => {
    await optIn(secondsAfterNoon(-60));
    await customerWrites('Is my order on its way?', NOON);
    await customerWrites('stop ', secondsAfterNoon(60));
  });

  it('restarts the window, and refuses everything in it without a provider call', async () => {
    service.setNow(secondsAfterNoon(90));

    expect(await window()).toMatchObject({
      state: 'open',
      expiresAt: secondsAfterNoon(60 + DAY).toISOString(),
      allowed: [],
      consent: { state: 'opted_out' },
      nextAction: 'none',
    });
    expect(await service.send(TEXT)).toMatchObject({ status: 409, body: { code: 'opted_out', nextAction: 'none' } });
    expect(provider.calls).toEqual([]);
  });

  it('lets answers go again once the customer writes again, but no templates, inside the window or after it', async () => {
    await customerWrites('One more question', secondsAfterNoon(120));

    expect(await window()).toMatchObject({ allowed: ['session'], consent: { state: 'opted_out' } });
    expect((await service.send(TEXT)).status).toBe(201);
    service.setNow(secondsAfterNoon(120 + DAY));
    expect(await window()).toMatchObject({ state: 'closed', allowed: [], nextAction: 'none' });
    expect(await service.send(TEXT)).toMatchObject({ status: 409, body: { code: 'opted_out' } });
  });

  it('is undone by START', async () => {
    await customerWrites('Start', secondsAfterNoon(180));

    expect(await window()).toMatchObject({ allowed: ['session', 'template'], consent: { state: 'opted_in' } });
    expect(await consent()).toMatchObject({
      state: 'opted_in',
      source: 'keyword',
      actor: 'customer',
      text: 'Start',
      version: 3,
      history: [
        { state: 'opted_in', source: 'keyword', text: 'Start' },
        { state: 'opted_out', source: 'keyword', text: 'stop', effectiveAt: secondsAfterNoon(60).toISOString() },
        { state: 'opted_in', source: 'website' },
      ],
    });
  });

  it('holds when it is delivered again after START', async () => {
    await customerWrites('START', secondsAfterNoon(180));
    await customerWrites('stop ', secondsAfterNoon(60));

    expect(await consent()).toMatchObject({ state: 'opted_in', version: 3 });
    expect((await consent())['history']).toHaveLength(3);
  });

  it('counts once as a change and once as a message', () => {
    expect(service.log.counts).toMatchObject({ MessagesReceived: 2, ConsentsChanged: 2 });
  });
});

describe('STOP that is overtaken by a later message', () => {
  it('does not refuse the answer to that message', async () => {
    await customerWrites('Sorry, one question', secondsAfterNoon(60));
    service.setNow(secondsAfterNoon(70));
    await customerSends(aMessage({ ...sent(NOON), text: { body: 'STOP' } }));

    expect(await window()).toMatchObject({ allowed: ['session'], consent: { state: 'opted_out' } });
  });
});

describe('other ways to say STOP', () => {
  it.each([
    ['a quick reply of a template', aMessageOf('button', { text: 'Stop', payload: 'promotions' }, sent(NOON))],
    [
      'a button',
      aMessageOf('interactive', { type: 'button_reply', button_reply: { id: 'b1', title: 'Stop' } }, sent(NOON)),
    ],
  ])('is %s', async (_, message) => {
    await customerSends(message);

    expect(await consent()).toMatchObject({ state: 'opted_out', source: 'keyword', text: 'Stop' });
  });

  it('is not a message in a group', async () => {
    await customerSends(aMessage({ ...sent(NOON), text: { body: 'STOP' }, group_id: 'group-1' }));

    expect(await consent()).toMatchObject({ state: 'unknown', history: [] });
  });

  it('is the word of the channel in its own language', async () => {
    const config = aConfig(provider.url);
    const [support, ...others] = config.channels;
    if (support === undefined) throw new Error('no channel');
    service = aService(table, { ...config, channels: [{ ...support, optOutKeywords: ['Abmelden'] }, ...others] });

    await customerWrites('ABMELDEN', NOON);

    expect(await consent()).toMatchObject({ state: 'opted_out' });
  });
});

describe('user preferences of WhatsApp', () => {
  it('stop marketing alone, and resume it', async () => {
    await optIn(NOON);
    expect((await prefers('stop', secondsAfterNoon(60))).status).toBe(200);

    expect(await consent()).toMatchObject({
      state: 'opted_in',
      marketing: { state: 'opted_out', updatedAt: secondsAfterNoon(60).toISOString() },
      version: 2,
      history: [
        { scope: 'marketing', state: 'opted_out', source: 'user_preferences', categories: ['marketing_messages'] },
        { scope: 'all', state: 'opted_in' },
      ],
    });
    await prefers('resume', secondsAfterNoon(120));
    expect(await consent()).toMatchObject({ state: 'opted_in', marketing: { state: 'opted_in' }, version: 3 });
  });

  it('that resume are no opt-in', async () => {
    await prefers('resume', NOON);

    expect(await consent()).toMatchObject({ state: 'unknown', source: null, updatedAt: null });
    expect(await window()).toMatchObject({ consent: { state: 'unknown' }, nextAction: 'collect_opt_in' });
  });

  it('open no window', async () => {
    await prefers('resume', NOON);

    expect(await window()).toMatchObject({ state: 'closed', lastInboundAt: null });
  });
});

describe('error 131050 in a status', () => {
  const report = (reference: unknown) =>
    deliver(
      aChange(
        aValue({
          statuses: [
            aStatus({
              id: 'wamid.sent',
              recipient_id: CUSTOMER.slice(1),
              status: 'failed',
              timestamp: String(NOON_SECONDS + 90),
              biz_opaque_callback_data: reference,
              errors: [{ code: 131050, title: 'Unable to deliver the message.' }],
            }),
          ],
        }),
      ),
    );

  it('is logged under the id of our message and counted by its class, once', async () => {
    await customerWrites('Hello', NOON);
    const { body } = await service.send(TEXT);
    const [carried] = provider.calls.map(
      ({ body: sent }) => (sent as Record<string, unknown>)['biz_opaque_callback_data'],
    );
    await report(carried);
    await report(carried);

    const error = { provider: '131050', class: 'opted_out' };
    const fields = { channel: 'support', messageId: body['id'], status: 'failed', ...error };
    expect(service.log.lines.filter(({ code }) => code === 'inbound-webhook.status')).toEqual([
      { code: 'inbound-webhook.status', fields },
    ]);
    expect(service.log.counts).toMatchObject({ ProviderErrors: 1, 'ProviderErrors{class=opted_out}': 1 });
  });

  it('stops marketing for the customer of our message, once', async () => {
    await customerWrites('Hello', NOON);
    service.setNow(secondsAfterNoon(60));
    await service.send(TEXT);
    const carried = provider.calls.map(({ body }) => (body as Record<string, unknown>)['biz_opaque_callback_data']);

    expect(carried).toHaveLength(1);
    expect((await report(carried[0])).status).toBe(200);
    await report(carried[0]);

    expect(await consent()).toMatchObject({
      state: 'unknown',
      marketing: { state: 'opted_out', updatedAt: secondsAfterNoon(90).toISOString() },
      version: 1,
      history: [{ scope: 'marketing', source: 'provider_error', actor: 'provider' }],
    });
    expect(await window()).toMatchObject({ allowed: ['session', 'template'] });
  });

  it('says nothing when the message is not ours', async () => {
    table.wire.reset();

    await report('somebody-elses-reference');

    expect(table.wire.commands).toEqual([]);
  });
});

describe('OPT_IN and OPT_OUT of Sinch', () => {
  const notify = (key: string, status: string, at: Date | undefined) => {
    const body = bytesOf(
      aCallback(
        { [key]: { request_id: `req-${at?.getTime()}`, channel: 'WHATSAPP', identity: WA_ID, status } },
        at === undefined ? { event_time: undefined, accepted_time: undefined } : { event_time: at.toISOString() },
      ),
    );
    service.setNow(secondsAfterNoon(1_000));
    return service.webhook('POST /webhooks/sinch/{account}', {
      path: { account: 'care-sinch' },
      headers: sinchHeaders(body, 'first-secret', {
        nonce: '01FJA8B4A7BM43YGWSG9GBV067',
        timestamp: String(NOON_SECONDS + 1_000),
      }),
      body,
    });
  };
  const consentAtSinch = async () =>
    (
      await service.route('GET /v1/channels/{channel}/customers/{customer}/consent', {
        path: { channel: 'support-sinch', customer: CUSTOMER },
      })
    ).body;

  it('change the consent of the channel, the newer one last, in any order', async () => {
    await notify('opt_out_notification', 'OPT_OUT_SUCCEEDED', secondsAfterNoon(60));
    await notify('opt_in_notification', 'OPT_IN_SUCCEEDED', NOON);

    expect(await consentAtSinch()).toMatchObject({
      state: 'opted_out',
      source: 'sinch_opt_out',
      actor: 'provider',
      version: 1,
      history: [{ source: 'sinch_opt_out' }, { source: 'sinch_opt_in' }],
    });
    expect(await consent()).toMatchObject({ state: 'unknown' });
  });

  it('that contradict themselves are quarantined: acknowledged, counted, kept raw, and no permission', async () => {
    table.wire.reset();

    expect((await notify('opt_out_notification', 'OPT_IN_SUCCEEDED', NOON)).status).toBe(200);

    expect(table.wire.commands).toEqual(['TransactWriteItems']);
    expect(service.log.counts).toEqual({ ItemsQuarantined: 1, ItemsUnplaced: 1 });
    const reason = 'opt_out_notification says the opposite';
    const items = await table.scan();
    const kept = items.find(({ pk }) => String(pk).startsWith('UNPLACED#'));
    expect(items).toHaveLength(2);
    expect(kept).toMatchObject({ pk: 'UNPLACED#care-sinch#2026-11-20', channel: 'support-sinch', reason });
    expect(service.log.lines).toContainEqual({
      code: 'inbound-webhook.quarantined',
      fields: { account: 'care-sinch', reason, unplaced: kept?.['sk'] },
    });
    expect(await consentAtSinch()).toMatchObject({ state: 'unknown' });
  });

  it.each([
    ['contradict themselves', 'OPT_IN_SUCCEEDED', NOON],
    ['have no time', 'OPT_OUT_SUCCEEDED', undefined],
  ])('that %s are erased with their customer', async (_, status, at) => {
    await notify('opt_out_notification', status, at);
    expect(await service.erase('support-sinch', CUSTOMER)).toMatchObject({
      status: 200,
      body: { done: true, removed: { unplaced: 1 } },
    });

    expect(await table.scan()).toEqual([]);
  });
});
