import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createChangeStream } from '../../../functions/change-stream/change-stream.ts';
import { CustomerKey } from '../../../functions/shared/domain/customer.ts';
import { anArrival, CHANNEL, CUSTOMER, NOON, NOON_SECONDS, secondsAfterNoon } from '../../support/arrivals.ts';
import { aStreamRecord } from '../../support/changes.ts';
import { aClaimOfSlot } from '../../support/claims.ts';
import { dynamoDbEndpoint } from '../../support/endpoint.ts';
import { anOutboundSetting, type OutboundSetting } from '../../support/outbound.ts';
import { aConfig, aLog } from '../../support/service.ts';
import { aTemplate, aTemplateContent, register } from '../../support/templates.ts';

const DAY = 86_400;
const USER = CustomerKey.parse('US.13491208655302741918');
const CRM = CustomerKey.parse('+16505550199');
const TEXT = { channel: CHANNEL, content: { type: 'text', text: 'On its way.' } };
const TEMPLATE = { channel: CHANNEL, content: aTemplateContent() };

let setting: OutboundSetting;
beforeEach(async () => {
  setting = await anOutboundSetting(dynamoDbEndpoint());
  await register(
    setting.table,
    aTemplate(),
    aTemplate({
      name: 'one_time_code',
      category: 'AUTHENTICATION',
      components: [{ type: 'BODY', text: '{{1}} is your code.' }],
    }),
  );
});
afterEach(() => setting.close());

const write = (identities: Parameters<typeof anArrival>[0], at = NOON) =>
  setting.table.store.recordInbound(anArrival({ at, ...identities }));
const sentTo = () => setting.provider.calls.map(({ body }) => body as { to?: string; recipient?: string });
const link = (...names: readonly CustomerKey[]) =>
  setting.table.store.linkNames({
    link: {
      channel: CHANNEL,
      names: names.map((name) => ({ name, kind: name === USER ? 'user_id' : name === CRM ? 'number' : 'wa_id' })),
      at: NOON_SECONDS,
      learnedFrom: 'status',
    },
    now: NOON,
  });
const say = (customer: CustomerKey, state: 'opted_in' | 'opted_out', at: Date) =>
  setting.table.store.recordConsent({
    channel: CHANNEL,
    customer,
    now: at,
    change: { id: state, scope: 'all', state, effectiveAt: at.getTime() / 1000, source: 'website', actor: 'test' },
  });

describe('a send under any name', () => {
  it('is decided on the window of the person, and goes to the name that was asked for', async () => {
    await write({ identities: { phone: CUSTOMER, userId: USER } });

    for (const to of [CUSTOMER, USER])
      expect(await setting.service.send({ ...TEXT, to })).toMatchObject({
        status: 201,
        body: { session: { customer: CUSTOMER, state: 'open' } },
      });

    expect(sentTo()).toMatchObject([{ to: CUSTOMER }, { recipient: USER }]);
  });

  it('costs one more read under another name than under the canonical one', async () => {
    await write({ identities: { phone: CUSTOMER, userId: USER } });
    setting.table.wire.reset();
    await setting.service.send({ ...TEXT, to: CUSTOMER });
    expect(setting.table.wire.commands).toEqual(['BatchGetItem', 'TransactWriteItems', 'UpdateItem']);

    setting.table.wire.reset();
    await setting.service.send({ ...TEXT, to: USER });
    expect(setting.table.wire.commands).toEqual(['BatchGetItem', 'BatchGetItem', 'TransactWriteItems', 'UpdateItem']);
  });

  it('is refused after a STOP under another name, also one that came before they were linked', async () => {
    await say(CUSTOMER, 'opted_in', NOON);
    await say(USER, 'opted_out', secondsAfterNoon(60));
    await link(CUSTOMER, USER);
    setting.service.setNow(secondsAfterNoon(120));

    for (const to of [CUSTOMER, USER])
      expect(await setting.service.send({ ...TEMPLATE, to })).toMatchObject({
        status: 409,
        body: { code: 'opted_out' },
      });
    expect(setting.provider.calls).toEqual([]);
  });

  it.each([
    ['of a number with an opt-in', true],
    ['of a user id without a consent', false],
  ])('is decided again where a link brings the STOP between its decision and its claim: %s', async (_, hasOptIn) => {
    const [asked, other] = hasOptIn ? [CUSTOMER, USER] : [USER, CUSTOMER];
    if (hasOptIn) await say(asked, 'opted_in', NOON);
    await say(other, 'opted_out', secondsAfterNoon(60));
    const store = setting.table.tapped(2, () => link(CUSTOMER, USER));
    const state = await store.loadSendState({ channel: CHANNEL, customer: asked, templates: [] });

    const claimed = await store.claimSend(
      aClaimOfSlot({ state, now: secondsAfterNoon(90), decision: { usesReengagement: hasOptIn } }),
    );

    expect(claimed.kind).toBe('changed');
  });

  it('gives its slot back wherever a link has moved it to', async () => {
    await say(USER, 'opted_in', NOON);
    await setting.service.send({ ...TEMPLATE, to: USER });
    const [reference] = setting.provider.calls.map(
      ({ body }) => (body as Record<string, unknown>)['biz_opaque_callback_data'],
    );
    await link(CUSTOMER, USER);
    expect((await setting.service.session(CHANNEL, CUSTOMER)).body).toMatchObject({
      reengagement: { available: false },
    });

    await setting.table.store.recordStatus({
      channel: CHANNEL,
      reference: String(reference),
      providerMessageId: 'wamid.sent.1',
      to: 'failed',
      atMs: NOON.getTime() + 61_000,
    });

    expect((await setting.service.session(CHANNEL, CUSTOMER)).body).toMatchObject({
      reengagement: { available: true },
    });
  });
});

/** What the stream makes of the records of the messages that were sent. */
const playStream = async () => {
  const messages = (await setting.table.scan()).filter(({ direction }) => direction !== undefined);
  const handler = createChangeStream({
    config: aConfig('http://127.0.0.1:9'),
    tableName: setting.table.tableName,
    dynamo: setting.table.client,
    now: () => NOON,
    log: aLog(),
    bus: { put: async (entries) => entries.map(() => true) },
  });
  await handler({
    Records: messages.map((item) => aStreamRecord({ pk: String(item['pk']), sk: String(item['sk']) }, undefined, item)),
  });
};

describe('the answer to a send', () => {
  it('links the number as WhatsApp writes it, so that the customer’s answer is found under the CRM’s', async () => {
    await say(CRM, 'opted_in', NOON);
    setting.answer({
      body: {
        messaging_product: 'whatsapp',
        contacts: [{ input: CRM, wa_id: CUSTOMER.slice(1), user_id: USER }],
        messages: [{ id: 'wamid.1' }],
      },
    });
    expect((await setting.service.send({ ...TEMPLATE, to: CRM })).status).toBe(201);
    await playStream();

    await write({ identities: { phone: CUSTOMER } }, secondsAfterNoon(DAY));
    setting.service.setNow(secondsAfterNoon(DAY + 60));

    for (const name of [CRM, CUSTOMER, USER])
      expect((await setting.service.session(CHANNEL, name)).body).toMatchObject({
        customer: CUSTOMER,
        state: 'open',
        names: expect.arrayContaining([
          { name: CRM, kind: 'number', since: expect.any(String), learnedFrom: 'send' },
          { name: CUSTOMER, kind: 'wa_id', since: expect.any(String), learnedFrom: 'send' },
        ]),
      });
  });
});

describe('brazil: a number that WhatsApp writes without the ninth digit', () => {
  const DIALLED = CustomerKey.parse('+5511987650101');
  const WRITTEN = CustomerKey.parse('+551187650101');
  const template = { ...TEMPLATE, to: DIALLED };
  beforeEach(async () => {
    await say(DIALLED, 'opted_in', NOON);
    setting.answer({
      body: {
        messaging_product: 'whatsapp',
        contacts: [{ input: DIALLED, wa_id: WRITTEN.slice(1) }],
        messages: [{ id: 'wamid.1' }],
      },
    });
    expect((await setting.service.send(template)).status).toBe(201);
    await playStream();
    setting.service.setNow(secondsAfterNoon(120));
  });

  it('brazil: is one customer, whose window is found under the dialled number, and who counts once', async () => {
    await write({ identities: { phone: WRITTEN } }, secondsAfterNoon(60));
    await playStream();

    expect((await setting.service.session(CHANNEL, DIALLED)).body).toMatchObject({ state: 'open', customer: WRITTEN });
    expect(
      await setting.service.route('GET /v1/channels/{channel}/usage', {
        path: { channel: CHANNEL },
        query: { month: '2026-11' },
      }),
    ).toMatchObject({ status: 200, body: { mau: 1 } });
  });

  it('brazil: is sent no template after a STOP', async () => {
    await say(WRITTEN, 'opted_out', secondsAfterNoon(60));

    expect(await setting.service.send(template)).toMatchObject({ status: 409, body: { code: 'opted_out' } });
  });
});

describe('an authentication template', () => {
  const parameters = [{ type: 'text', text: '123456' }];
  const content = { ...aTemplateContent({ name: 'one_time_code' }), components: [{ type: 'body', parameters }] };
  const CODE = { channel: CHANNEL, content };

  it('is refused to a user id without a number, before anything is sent', async () => {
    await write({ identities: { userId: USER } });

    expect(await setting.service.send({ ...CODE, to: USER })).toMatchObject({
      status: 422,
      body: { code: 'unsupported_by_provider', errors: [{ path: 'to' }] },
    });
    expect(setting.provider.calls).toEqual([]);
  });

  it('goes to the number of a customer who was named by the user id', async () => {
    await write({ identities: { phone: CUSTOMER, userId: USER } });

    expect((await setting.service.send({ ...CODE, to: USER })).status).toBe(201);
    expect(sentTo()).toMatchObject([{ to: CUSTOMER }]);
  });
});
