import { afterEach, describe, expect, it } from 'vitest';
import { createSinchTemplateSource } from '../../../../functions/shared/providers/sinch/templates.ts';
import { aProviderServer, type ProviderCall, type Scripted } from '../../../support/provider-server.ts';
import { aSinchAccount, SINCH_SECRETS } from '../../../support/sinch.ts';

const servers: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** One server for both: `/token` issues token-1, token-2 …, the rest is answered by `script`. */
const setUp = async (script: (call: ProviderCall) => Scripted) => {
  let tokens = 0;
  const server = await aProviderServer((call) => {
    if (call.path !== '/token') return script(call);
    tokens += 1;
    return { body: { access_token: `token-${tokens}`, expires_in: 3600 } };
  });
  servers.push(server);
  const account = aSinchAccount({
    provisioningUrl: server.url,
    authUrl: `${server.url}/token`,
    projectId: 'care/project',
  });
  const now = () => new Date('2026-11-20T09:00:00Z');
  const source = createSinchTemplateSource({ account, secrets: async () => SINCH_SECRETS, now });
  return { source, asked: () => server.calls.filter(({ path }) => path !== '/token') };
};

const listed = (overrides: Record<string, unknown> = {}) => ({
  name: 'parcel_news',
  language: 'EN_US',
  category: 'UTILITY',
  state: 'APPROVED',
  qualityScore: 'QUALITY_SCORE_YELLOW',
  isMetaGenerated: false,
  details: { components: [{ type: 'BODY', text: 'Parcel {{1}}' }], messageSendTtlSeconds: 3600 },
  analytics: [],
  ...overrides,
});
const read = async (...templates: unknown[]) =>
  (await setUp(() => ({ body: { totalSize: 1, pageSize: 50, templates } }))).source.list();

describe('the list of templates at Sinch', () => {
  it('is asked of the provisioning API with a token', async () => {
    const { source, asked } = await setUp(() => ({ body: { templates: [] } }));

    expect(await source.list()).toEqual({ kind: 'listed', templates: [] });
    expect(asked()).toMatchObject([
      {
        method: 'GET',
        path: '/v1/projects/care%2Fproject/whatsapp/templates?pageSize=200',
        headers: { authorization: 'Bearer token-1' },
        text: '',
      },
    ]);
  });

  it('is read into the domain: Sinch writes languages in capitals', async () => {
    expect(await read(listed())).toEqual({
      kind: 'listed',
      templates: [
        {
          name: 'parcel_news',
          language: 'en_US',
          status: 'APPROVED',
          category: 'UTILITY',
          quality: 'YELLOW',
          components: [{ type: 'BODY', text: 'Parcel {{1}}' }],
          ttlSeconds: 3_600,
        },
      ],
    });
  });

  it.each([
    [{ state: 'PAUSED' }, 'PAUSED'],
    [{ state: 'APPROVED', changes: { status: 'REJECTED' } }, 'APPROVED'],
    [{ state: undefined, changes: { status: 'DRAFT' } }, 'DRAFT'],
    [{ state: undefined, changes: { status: 'IN_PROGRESS' } }, 'IN_PROGRESS'],
    [{ state: undefined }, 'UNKNOWN'],
  ])('tells the status of what can be sent, not of its changes: %j', async (overrides, status) => {
    expect(await read(listed(overrides))).toMatchObject({ templates: [{ status }] });
  });

  it('tells of the code in a template whose text WhatsApp writes itself', async () => {
    const details = {
      components: [
        { type: 'BODY', addSecurityRecommendation: true },
        { type: 'BUTTONS', buttons: [{ type: 'OTP', otpType: 'COPY_CODE' }] },
      ],
    };

    expect(await read(listed({ category: 'AUTHENTICATION', details }))).toMatchObject({
      templates: [{ components: [{ type: 'BODY', text: '{{1}}' }, { buttons: [{ type: 'OTP' }] }] }],
    });
    expect(await read(listed({ details }))).toMatchObject({ templates: [{ components: [{ text: undefined }, {}] }] });
  });

  it('leaves out a language that no caller could name', async () => {
    expect(await read(listed({ language: 'UNRECOGNIZED' }), listed())).toMatchObject({
      templates: [{ language: 'en_US' }],
    });
  });

  it('survives a template without details', async () => {
    expect(await read(listed({ details: undefined, qualityScore: undefined }))).toMatchObject({
      templates: [{ components: [], quality: undefined }],
    });
  });

  it('goes on by page token', async () => {
    const { source, asked } = await setUp(({ path }) => ({
      body: path.includes('pageToken=n%2B1')
        ? { templates: [listed({ name: 'second' })], nextPageToken: '' }
        : { templates: [listed()], nextPageToken: 'n+1' },
    }));

    expect(await source.list()).toMatchObject({ templates: [{ name: 'parcel_news' }, { name: 'second' }] });
    expect(asked()).toHaveLength(2);
  });

  it('asks once more with a fresh token when the one held has ended', async () => {
    const { source, asked } = await setUp(({ headers }) =>
      headers.authorization === 'Bearer token-2' ? { body: { templates: [listed()] } } : { status: 401, body: {} },
    );

    expect(await source.list()).toMatchObject({ kind: 'listed' });
    expect(asked().map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  it.each([
    [{ status: 400, body: { errorCode: 'project_not_initialized', message: 'x' } }, 'project_not_initialized', 'alert'],
    [{ status: 400, body: { errorCode: 'For +4915112345678' } }, 'http_400', 'alert'],
    [{ status: 401, body: { errorCode: 'unauthorized_error' } }, 'unauthorized_error', 'alert'],
    [{ status: 429, body: '' }, 'http_429', 'retry_later'],
    [{ status: 500, body: { errorCode: 'internal_error' } }, 'internal_error', 'retry_now'],
    [{ status: 502, body: '<html>' }, 'http_502', 'retry_now'],
    [{ status: 200, body: {} }, 'unreadable_list', 'alert'],
    [{ hangUp: true }, 'UND_ERR_SOCKET', 'retry_now'],
  ])('fails as Sinch says: %j', async (scripted, code, class_) => {
    const { source } = await setUp(() => scripted);

    expect(await source.list()).toMatchObject({ kind: 'failed', error: { code, class: class_ } });
  });

  it('fails without a token', async () => {
    const server = await aProviderServer(() => ({ status: 401 }));
    servers.push(server);
    const account = aSinchAccount({ provisioningUrl: server.url, authUrl: `${server.url}/token` });
    const source = createSinchTemplateSource({ account, secrets: async () => SINCH_SECRETS, now: () => new Date() });

    expect(await source.list()).toMatchObject({ kind: 'failed', error: { code: 'http_401', class: 'alert' } });
    expect(server.calls.map(({ path }) => path)).toEqual(['/token']);
  });
});
