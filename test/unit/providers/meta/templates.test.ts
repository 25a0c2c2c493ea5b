import { afterEach, describe, expect, it } from 'vitest';
import { createMetaTemplateSource } from '../../../../functions/shared/providers/meta/templates.ts';
import { aMetaAccount, metaSecrets } from '../../../support/meta.ts';
import { aClosedOrigin, aProviderServer, type ProviderCall, type Scripted } from '../../../support/provider-server.ts';

const servers: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const serve = async (script: (call: ProviderCall) => Scripted) => {
  const server = await aProviderServer(script);
  servers.push(server);
  return server;
};

const list = (baseUrl: string, secrets = async () => metaSecrets) =>
  createMetaTemplateSource({ account: aMetaAccount({ baseUrl }), secrets }).list();

const listed = (overrides: Record<string, unknown> = {}) => ({
  id: '1',
  name: 'parcel_news',
  language: 'en_US',
  status: 'APPROVED',
  category: 'UTILITY',
  quality_score: { score: 'GREEN', date: 1_790_000_000 },
  components: [{ type: 'BODY', text: 'Parcel {{1}}', example: { body_text: [['LX-204']] } }],
  ...overrides,
});
const page = (...data: unknown[]): Scripted => ({ body: { data, paging: { cursors: { before: 'a', after: 'b' } } } });
const read = async (...data: unknown[]) => list((await serve(() => page(...data))).url);
const queryOf = ({ path }: ProviderCall) => Object.fromEntries(new URL(path, 'http://meta').searchParams);

describe('the list of templates at Meta', () => {
  it('is asked of the business account with the access token', async () => {
    const meta = await serve(() => page());

    expect(await list(meta.url)).toEqual({ kind: 'listed', templates: [] });
    expect(meta.calls).toMatchObject([
      { method: 'GET', text: '', headers: { authorization: 'Bearer fixture-access-token' } },
    ]);
    expect(meta.calls[0]?.path).toMatch(/^\/v26\.0\/700000000000001\/message_templates\?/);
    expect(meta.calls.map(queryOf)).toEqual([
      { fields: 'name,language,status,category,quality_score,components,message_send_ttl_seconds', limit: '100' },
    ]);
  });

  it.each([
    [43_200, 43_200],
    [-1, undefined],
    ['soon', undefined],
    [undefined, undefined],
  ])('has the time to live of a template: %s', async (message_send_ttl_seconds, ttlSeconds) => {
    expect(await read(listed({ message_send_ttl_seconds }))).toMatchObject({ templates: [{ ttlSeconds }] });
  });

  it('keeps what the sends of an offer, a code and a carousel are checked against', async () => {
    const components = [
      { type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Soon', has_expiration: true } },
      { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'one_tap', text: 'Copy' }] },
      { type: 'carousel', cards: [{ components: [{ type: 'header', format: 'image' }, 'junk'] }, 'junk'] },
    ];

    expect(await read(listed({ components }))).toMatchObject({
      templates: [
        {
          components: [
            { type: 'LIMITED_TIME_OFFER', hasExpiration: true },
            { buttons: [{ type: 'OTP', otpType: 'ONE_TAP' }] },
            { type: 'CAROUSEL', cards: [{ components: [{ type: 'HEADER', format: 'IMAGE' }] }] },
          ],
        },
      ],
    });
  });

  it('is read into the domain, without examples', async () => {
    expect(await read(listed())).toEqual({
      kind: 'listed',
      templates: [
        {
          name: 'parcel_news',
          language: 'en_US',
          status: 'APPROVED',
          category: 'UTILITY',
          quality: 'GREEN',
          components: [{ type: 'BODY', text: 'Parcel {{1}}' }],
        },
      ],
    });
  });

  it('is read with every part that parameters go to, however it is spelled', async () => {
    const components = [
      { type: 'header', format: 'image', example: { header_handle: ['x'] } },
      { type: 'BODY', text: 'Hi {{name}}' },
      {
        type: 'BUTTONS',
        buttons: [
          { type: 'url', text: 'Look', url: 'https://s.example/{{1}}', example: ['x'] },
          { type: 'QUICK_REPLY', text: 'No' },
          { text: 'of no type' },
        ],
      },
      'unreadable',
    ];

    expect(
      await read(listed({ language: 'pt-BR', status: 'paused', category: 'marketing', components })),
    ).toMatchObject({
      templates: [
        {
          language: 'pt_BR',
          status: 'PAUSED',
          category: 'MARKETING',
          components: [
            { type: 'HEADER', format: 'IMAGE' },
            { type: 'BODY', text: 'Hi {{name}}' },
            {
              type: 'BUTTONS',
              buttons: [
                { type: 'URL', text: 'Look', url: 'https://s.example/{{1}}' },
                { type: 'QUICK_REPLY', text: 'No' },
              ],
            },
          ],
        },
      ],
    });
  });

  it('goes on by cursor on our own address, whatever address the next page names', async () => {
    const meta = await serve((call) =>
      queryOf(call)['after'] === 'two'
        ? page(listed({ name: 'second' }))
        : {
            body: {
              data: [listed()],
              paging: { cursors: { after: 'two' }, next: 'http://elsewhere.example/steal?access_token=1' },
            },
          },
    );

    expect(await list(meta.url)).toMatchObject({ templates: [{ name: 'parcel_news' }, { name: 'second' }] });
    expect(meta.calls.map((call) => queryOf(call)['after'])).toEqual([undefined, 'two']);
  });

  it('loses none of the others to one that cannot be read', async () => {
    expect(await read({ language: 'en' }, 'junk', listed())).toMatchObject({ templates: [{ name: 'parcel_news' }] });
  });

  it.each([
    ['a next page without a cursor', { body: { data: [listed()], paging: { next: 'y' } } }],
    ['nothing that can be read', page({}, { name: 'x' })],
    ['no list at all', { body: {} }],
    ['no JSON', { body: '<html>' }],
  ])('fails with %s, rather than empty the registry', async (_, scripted) => {
    const meta = await serve(() => scripted);

    expect(await list(meta.url)).toMatchObject({ kind: 'failed', error: { code: 'unreadable_list', class: 'alert' } });
  });

  it.each([
    [{ status: 401, body: { error: { code: 190, message: 'expired' } } }, '190', 'alert'],
    [{ status: 400, body: { error: { code: 80008, message: 'slow down' } } }, '80008', 'retry_later'],
    [{ status: 503, body: 'down' }, 'http_503', 'retry_now'],
    [{ status: 429, body: '' }, 'http_429', 'retry_later'],
    [{ status: 404, body: '' }, 'http_404', 'alert'],
  ])('fails as Meta says: %j', async (scripted, code, class_) => {
    const meta = await serve(() => scripted);

    expect(await list(meta.url)).toMatchObject({ kind: 'failed', error: { code, class: class_ } });
  });

  it('fails as a whole when a later page fails', async () => {
    const meta = await serve((call) =>
      queryOf(call)['after'] === undefined
        ? { body: { data: [listed()], paging: { cursors: { after: 'x' }, next: 'y' } } }
        : { status: 503 },
    );

    expect(await list(meta.url)).toMatchObject({ kind: 'failed' });
  });

  it('fails without throwing when the host does not answer, or the secrets cannot be read', async () => {
    expect(await list(await aClosedOrigin())).toMatchObject({ error: { code: 'ECONNREFUSED', class: 'retry_now' } });
    expect(await list('http://127.0.0.1:9', () => Promise.reject(new Error('denied')))).toMatchObject({
      kind: 'failed',
      error: { code: 'secrets_Error', class: 'retry_now' },
    });
  });
});
