import { describe, expect, it } from 'vitest';
import { BUILT_IN } from '../../../infra/shared/local-configuration.ts';
import { eventually } from '../../support/eventually.ts';
import { aLocalService, callHttp } from '../../support/local.ts';
import { aClosedOrigin } from '../../support/provider-server.ts';
import { aBody, aButton, aHeader, aText } from '../../support/template-parts.ts';

const CUSTOMER = '+15551234567';
const CHANNELS = ['support', 'support-sinch'];

type Service = Awaited<ReturnType<typeof aLocalService>>;

const templatesOf = async ({ call }: Service, channel: string) =>
  (await call('GET', `/v1/channels/${channel}/templates`)).body.templates as { name: string; language: string }[];

const origin = ({ config }: Service, provider: string): string =>
  config.accounts.find((account) => account.provider === provider)?.baseUrl ?? '';

const image = { type: 'image', image: { link: 'https://shop.example.com/summer.jpg' } };

const OFFER = {
  type: 'limited_time_offer',
  parameters: [{ type: 'limited_time_offer', limited_time_offer: { expiration_time_ms: 1_797_000_000_000 } }],
};
const aCarousel = (...cards: readonly number[]) => ({
  type: 'carousel',
  cards: cards.map((card_index) => ({
    card_index,
    components: [aHeader(image), aBody(aText('Oak')), aButton('0', 'url', aText('oak'))],
  })),
});

describe('the templates of a local run', () => {
  it.each(CHANNELS)('are complete when it has started: %s', async (channel) => {
    const service = await aLocalService();

    expect((await templatesOf(service, channel)).map(({ name, language }) => `${name} ${language}`)).toEqual([
      'appointment_reminder en_US',
      'book_a_visit en_US',
      'door_offers en_US',
      'flash_offer en_US',
      'hello_again de',
      'hello_again en_US',
      'login_code en_US',
      'order_update en_US',
      'summer_offer en_US',
      'win_back en_US',
    ]);
    expect(await service.call('GET', '/_local/health')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  it('are read before the log of provider calls begins, and on request within it', async () => {
    const service = await aLocalService();

    expect(await service.calls()).toEqual([]);
    expect(await service.call('POST', '/v1/channels/support/templates/sync')).toMatchObject({
      status: 200,
      body: { synced: { listed: 10, changed: 0, removed: 0 } },
    });
    expect(await service.calls()).toMatchObject([
      { method: 'GET', path: '/v26.0/102290129340398/message_templates', status: 200 },
      { method: 'GET', path: '/v26.0/102290129340398/message_templates', status: 200 },
      { method: 'GET', path: '/v26.0/102290129340398/message_templates', status: 200 },
    ]);
  });

  it('do not stop the start when a provider does not list them', async () => {
    const [meta, ...others] = BUILT_IN.accounts;
    const closed = await aClosedOrigin();
    const service = await aLocalService({
      configuration: { ...BUILT_IN, accounts: [{ ...meta, baseUrl: closed }, ...others] },
    });

    expect((await service.call('GET', '/_local/health')).status).toBe(200);
    expect(await templatesOf(service, 'support')).toEqual([]);
    expect(await templatesOf(service, 'support-sinch')).toHaveLength(10);
    expect(service.log.lines).toContainEqual(expect.objectContaining({ code: 'template-sync.refused' }));
    expect(await service.call('POST', '/v1/channels/support/templates/sync')).toMatchObject({
      status: 503,
      body: { code: 'provider_unavailable', nextAction: 'retry_later' },
    });
  });
});

describe('a template sent to an opted-in customer who never wrote', () => {
  const OFFER = {
    type: 'template',
    name: 'summer_offer',
    language: 'en-US',
    components: [aHeader(image), aBody(aText('Ada')), aButton(0, 'url', aText('july'))],
  };
  const sendTo = async (channel: string, content: object) => {
    const service = await aLocalService();
    await service.call('PUT', `/v1/channels/${channel}/customers/${CUSTOMER}/consent`, {
      body: { state: 'opted_in', source: 'website', actor: 'test' },
    });
    const sent = await service.call('POST', '/v1/messages', { body: { channel, to: CUSTOMER, content } });
    return { service, sent };
  };

  it.each(CHANNELS)('is accepted by WhatsApp with its parameters: %s', async (channel) => {
    const { service, sent } = await sendTo(channel, OFFER);
    await new Promise((resolve) => setTimeout(resolve, 200));

    expect(sent).toMatchObject({ status: 201, body: { sentAs: 'template', status: 'sent' } });
    expect((await service.message(sent.body.id)).body).toMatchObject({ status: 'sent' });
  });

  it.each(CHANNELS)('is refused with the missing part, without a call to the provider: %s', async (channel) => {
    const { service, sent } = await sendTo(channel, { ...OFFER, components: [aHeader(image), aBody(aText('Ada'))] });

    expect(sent).toMatchObject({
      status: 422,
      body: {
        code: 'template_parameters_invalid',
        errors: [{ path: 'content.components', message: expect.stringContaining('button 0 is missing') }],
      },
    });
    expect(await service.calls()).toEqual([]);
  });

  it('can have a named parameter at Meta; Sinch has no key for it', async () => {
    const named = (text: string, parameter_name: string) => aText(text, { parameter_name });
    const content = {
      type: 'template',
      name: 'appointment_reminder',
      language: 'en_US',
      components: [aBody(named('Friday', 'day'), named('Ada', 'first_name'))],
    };

    expect((await sendTo('support', content)).sent.status).toBe(201);
    expect((await sendTo('support-sinch', content)).sent).toMatchObject({
      status: 422,
      body: {
        code: 'unsupported_by_provider',
        errors: [{ path: 'content.components.0.parameters.0.parameter_name' }],
      },
    });
  });
});

describe('the simulated Graph API', () => {
  const send = (service: Service, name: string, components: readonly object[], code = 'en_US') =>
    callHttp('POST', `${origin(service, 'meta')}/v26.0/106540352242922/messages`, {
      headers: { authorization: 'Bearer local-access-token' },
      body: {
        messaging_product: 'whatsapp',
        to: CUSTOMER,
        type: 'template',
        template: { name, language: { code }, ...(components.length === 0 ? {} : { components }) },
      },
    });

  it.each([
    ['hello_again', []],
    ['order_update', [aBody(aText('Ada'), aText('77'))]],
    [
      'appointment_reminder',
      [aBody(aText('Friday', { parameter_name: 'day' }), aText('Ada', { parameter_name: 'first_name' }))],
    ],
    ['summer_offer', [aHeader(image), aBody(aText('Ada')), aButton('0', 'url', aText('july'))]],
    [
      'summer_offer',
      [
        aHeader(image),
        aBody(aText('Ada')),
        aButton('0', 'url', aText('july')),
        aButton('1', 'quick_reply', { type: 'payload', payload: 'no' }),
      ],
    ],
    ['login_code', [aBody(aText('482913')), aButton('0', 'url', aText('482913'))]],
    [
      'flash_offer',
      [OFFER, aBody(aText('Ada')), aButton('0', 'copy_code', { type: 'coupon_code', coupon_code: 'D25' })],
    ],
    ['book_a_visit', [aButton('0', 'flow', { type: 'action', action: { flow_token: 'visit-77' } })]],
    ['door_offers', [aBody(aText('Ada')), aCarousel(0, 1)]],
  ])('accepts a template with its parameters: %s', async (name, components) => {
    expect(await send(await aLocalService(), name, components)).toMatchObject({ status: 200 });
  });

  it.each([
    ['nobody_knows', [], 'en_US', 404, 132_001],
    ['hello_again', [], 'fr', 404, 132_001],
    ['hello_again', [], 'en-US', 404, 132_001],
    ['win_back', [], 'en_US', 400, 132_015],
    ['order_update', [], 'en_US', 400, 132_000],
    ['order_update', [aBody(aText('Ada'))], 'en_US', 400, 132_000],
    ['hello_again', [aBody(aText('Ada'))], 'en_US', 400, 132_000],
    ['appointment_reminder', [aBody(aText('Ada'), aText('Friday'))], 'en_US', 400, 132_000],
    ['summer_offer', [aHeader(image), aBody(aText('Ada'))], 'en_US', 400, 132_000],
    ['summer_offer', [aBody(aText('Ada')), aButton('0', 'url', aText('july'))], 'en_US', 400, 132_000],
    ['hello_again', [aBody()], 'en_US', 400, 100],
    ['login_code', [aBody(aText('482913'))], 'en_US', 400, 132_000],
    ['flash_offer', [aBody(aText('Ada'))], 'en_US', 400, 132_000],
    ['book_a_visit', [], 'en_US', 400, 132_000],
    ['door_offers', [aBody(aText('Ada')), aCarousel(0)], 'en_US', 400, 132_000],
  ])('refuses any other: %s %j', async (name, components, language, status, code) => {
    expect(await send(await aLocalService(), name, components, language)).toMatchObject({
      status,
      body: { error: { code } },
    });
  });

  it('lists the templates of known accounts, with the token', async () => {
    const service = await aLocalService();
    const list = (path: string, token: string) =>
      callHttp('GET', `${origin(service, 'meta')}/v26.0/${path}`, { headers: { authorization: `Bearer ${token}` } });

    expect((await list('102290129340398/message_templates', 'local-access-token')).body.data).toHaveLength(4);
    expect((await list('102290129340398/message_templates', 'guess')).body.error.code).toBe(190);
    expect((await list('1/message_templates', 'local-access-token')).body.error.code).toBe(100);
  });
});

describe('the simulated Sinch', () => {
  const token = async (service: Service): Promise<string> => {
    const authorization = `Basic ${Buffer.from('local-key-id:local-key-secret').toString('base64')}`;
    const body = 'grant_type=client_credentials';
    return (await callHttp('POST', `${origin(service, 'sinch')}/oauth2/token`, { body, headers: { authorization } }))
      .body.access_token;
  };

  /** Sends a template to the simulated Sinch directly. */
  const sendDirectly = async (template: object) => {
    const service = await aLocalService();
    const { status, body } = await callHttp(
      'POST',
      `${origin(service, 'sinch')}/v1/projects/local-project/messages:send`,
      {
        headers: { authorization: `Bearer ${await token(service)}` },
        body: {
          app_id: '01EB37HMH1M6SV18ASNS3G135H',
          recipient: { identified_by: { channel_identities: [{ channel: 'WHATSAPP', identity: '15551234567' }] } },
          message: { template_message: { channel_template: { WHATSAPP: template } } },
          message_metadata: 'ours',
        },
      },
    );
    return { service, status, id: body.message_id as string };
  };

  it.each([
    { template_id: 'hello_again', language_code: 'de' },
    {
      template_id: 'summer_offer',
      language_code: 'en_US',
      parameters: {
        'header[1]image.link': 'https://shop.example.com/summer.jpg',
        'body[1]text': 'Ada',
        'button[0]url[1]text': 'july',
        'button[1]quick_reply[1]payload': '',
      },
    },
  ])('accepts a template with exactly its keys: %j', async (template) => {
    const { service, status } = await sendDirectly(template);

    expect(status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(service.log.counts).not.toHaveProperty('StatusesUnknown');
  });

  it.each([
    { template_id: 'nobody_knows', language_code: 'en_US' },
    { template_id: 'hello_again', language_code: 'fr' },
    { template_id: 'win_back', language_code: 'en_US' },
    { template_id: 'order_update', language_code: 'en_US', parameters: { 'body[1]text': 'Ada' } },
    { template_id: 'order_update', language_code: 'en_US', parameters: { 'body[1]text': 'Ada', 'body.2': '77' } },
    { template_id: 'hello_again', language_code: 'de', parameters: { 'body[1]text': 'Ada' } },
  ])('accepts any other too, and reports later that it failed: %j', async (template) => {
    const { service, status } = await sendDirectly(template);

    expect(status).toBe(200);
    await eventually(() => expect(service.log.counts).toMatchObject({ StatusesUnknown: 1 }));
  });

  it('lists templates with a token', async () => {
    const service = await aLocalService();
    const list = (bearer: string) =>
      callHttp('GET', `${origin(service, 'sinch')}/v1/projects/local-project/whatsapp/templates`, {
        headers: { authorization: `Bearer ${bearer}` },
      });

    expect((await list(await token(service))).body).toMatchObject({ totalSize: 10, nextPageToken: '4' });
    expect((await list('guess')).status).toBe(401);
  });
});
