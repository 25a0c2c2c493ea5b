import { describe, expect, it } from 'vitest';
import { aLocalService, callHttp } from '../../support/local.ts';

const META = '/v26.0/106540352242922/messages';
const SINCH = '/v1/projects/local-project/messages:send';
const CUSTOMER = '+15551234567';

const aMetaSend = (overrides: object = {}) => ({
  messaging_product: 'whatsapp',
  recipient_type: 'individual',
  to: CUSTOMER,
  type: 'text',
  text: { body: 'Hi' },
  ...overrides,
});
const aSinchSend = (overrides: object = {}) => ({
  app_id: '01EB37HMH1M6SV18ASNS3G135H',
  recipient: { identified_by: { channel_identities: [{ channel: 'WHATSAPP', identity: '15551234567' }] } },
  message: { text_message: { text: 'Hi' } },
  ...overrides,
});

const basic = (login: string) => `Basic ${Buffer.from(login).toString('base64')}`;

/** The simulated providers, called directly; the customer has written to both numbers. */
const theProviders = async () => {
  const service = await aLocalService();
  await service.write({ channel: 'support', from: CUSTOMER, text: 'Hello' });
  await service.write({ channel: 'support-sinch', from: CUSTOMER, text: 'Hello' });
  const origin = (provider: string) =>
    service.config.accounts.find((account) => account.provider === provider)?.baseUrl ?? '';
  const token = (login = 'local-key-id:local-key-secret', body = 'grant_type=client_credentials') =>
    callHttp('POST', `${origin('sinch')}/oauth2/token`, { body, headers: { authorization: basic(login) } });
  const meta = (body: object, authorization = 'Bearer local-access-token', path = META) =>
    callHttp('POST', `${origin('meta')}${path}`, { body, headers: { authorization } });
  const sinch = async (body: object, bearer?: string) =>
    callHttp('POST', `${origin('sinch')}${SINCH}`, {
      body,
      headers: { authorization: `Bearer ${bearer ?? (await token()).body.access_token}` },
    });
  return { ...service, token, meta, sinch };
};

describe('the simulated Graph API', () => {
  it('accepts a message under an id of its own', async () => {
    const { meta } = await theProviders();

    const [one, other] = [await meta(aMetaSend()), await meta(aMetaSend())];

    expect(one).toMatchObject({ status: 200, body: { contacts: [{ input: CUSTOMER, wa_id: '15551234567' }] } });
    expect(one.body.messages[0].id).toMatch(/^wamid\./);
    expect(other.body.messages[0].id).not.toBe(one.body.messages[0].id);
  });

  it('accepts a template to any customer at any time', async () => {
    const { meta } = await theProviders();
    const template = { name: 'hello_again', language: { code: 'en_US' } };

    expect((await meta(aMetaSend({ type: 'template', template, to: '+15559999999' }))).status).toBe(200);
    expect(await meta(aMetaSend({ to: '+15559999999' }))).toMatchObject({
      status: 400,
      body: { error: { code: 131047 } },
    });
  });

  it.each([
    ['without a recipient', { to: undefined }],
    ['with an empty text', { text: { body: '' } }],
    ['with a text of 4,097 characters', { text: { body: 'a'.repeat(4097) } }],
    ['whose content is missing', { type: 'image' }],
    ['with both sources of a picture', { type: 'image', image: { id: '1', link: 'https://example.com/a.jpg' } }],
    ['of an unknown type', { type: 'hologram', hologram: {} }],
    ['for another product', { messaging_product: 'messenger' }],
    ['to a user id in place of the number', { to: 'US.13491208655302741918' }],
  ])('refuses a message %s', async (_, overrides) => {
    const { meta } = await theProviders();

    expect(await meta(aMetaSend(overrides))).toMatchObject({ status: 400, body: { error: { code: 100 } } });
  });

  it('refuses a wrong token and an unknown number', async () => {
    const { meta } = await theProviders();

    expect(await meta(aMetaSend(), 'Bearer guessed')).toMatchObject({ status: 401, body: { error: { code: 190 } } });
    expect(await meta(aMetaSend(), undefined, '/v26.0/999/messages')).toMatchObject({ status: 400 });
  });
});

describe('the simulated Conversation API', () => {
  it('accepts a message under an id of its own', async () => {
    const { sinch } = await theProviders();

    const [one, other] = [await sinch(aSinchSend()), await sinch(aSinchSend())];

    expect(one).toMatchObject({ status: 200, body: { message_id: expect.stringMatching(/^[0-9A-Z]{26}$/) } });
    expect(other.body.message_id).not.toBe(one.body.message_id);
  });

  it.each([
    ['with two contents', { message: { text_message: { text: 'a' }, media_message: { url: 'https://example.com' } } }],
    ['without content', { message: {} }],
    ['with a text of 4,097 characters', { message: { text_message: { text: 'a'.repeat(4097) } } }],
    ['that lives 2 seconds', { ttl: '2s' }],
    ['without a recipient', { recipient: { identified_by: { channel_identities: [] } } }],
  ])('refuses a message %s', async (_, overrides) => {
    const { sinch } = await theProviders();

    expect(await sinch(aSinchSend(overrides))).toMatchObject({ status: 400, body: { error: { code: 400 } } });
  });

  it('refuses a wrong key, a wrong token and an unknown app', async () => {
    const { token, sinch } = await theProviders();

    expect((await token('local-key-id:guessed')).status).toBe(401);
    expect((await token(undefined, 'grant_type=password')).status).toBe(400);
    expect((await sinch(aSinchSend(), 'guessed')).status).toBe(401);
    expect((await sinch(aSinchSend({ app_id: 'another' }))).status).toBe(404);
  });

  it('accepts a token for an hour of the service’s clock', async () => {
    const { token, sinch, clock } = await theProviders();
    const { access_token: bearer } = (await token()).body;

    await clock({ advanceSeconds: 3590 });
    const inTime = await sinch(aSinchSend(), bearer);
    await clock({ advanceSeconds: 10 });
    const late = await sinch(aSinchSend(), bearer);

    expect(inTime.status).toBe(200);
    expect(late.status).toBe(401);
  });
});
