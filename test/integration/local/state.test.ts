import { describe, expect, it } from 'vitest';
import { aLocalService } from '../../support/local.ts';

const CUSTOMER = '+15551234567';
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const aStory = async () => {
  const service = await aLocalService();
  const { call, write, send, clock } = service;
  await clock({ now: '2030-01-01T12:00:00Z' });
  await write({ channel: 'support', from: CUSTOMER, text: 'Hello 👍' });
  await write({
    channel: 'support',
    from: CUSTOMER,
    id: 'wamid.meter',
    file: { type: 'image', mimeType: 'image/png', base64: PNG },
  });
  await send('support', CUSTOMER);
  await call('GET', `/v1/channels/support/customers/${CUSTOMER}/messages/wamid.meter/media`);
  return service;
};

const viewOf = async ({ call, thread, session }: Awaited<ReturnType<typeof aLocalService>>) => {
  const get = async (path: string) => (await call('GET', path)).body;
  return {
    thread: (await thread('support', CUSTOMER)).body,
    session: (await session('support', CUSTOMER)).body.expiresAt,
    usage: (await get('/v1/channels/support/usage')).activeCustomers,
    phone: await get(`/_local/provider/phone?channel=support&from=${encodeURIComponent(CUSTOMER)}`),
    events: await get('/_local/events'),
    wire: (await get('/_local/wire')).entries.length,
  };
};

describe('the state of a local run', () => {
  it('goes into another run as one file, and that run continues it', async () => {
    const first = await aStory();
    const before = await viewOf(first);
    const saved = await first.call('GET', '/_local/state');
    const second = await aLocalService();
    await second.write({ channel: 'support', from: '+15559999999', text: 'Is forgotten' });

    const loaded = await second.call('PUT', '/_local/state', { body: saved.text });

    expect(saved.headers.get('content-disposition')).toMatch(
      /^attachment; filename="carewindow-2030-01-01T12-00-\d\d\.json"$/,
    );
    expect(saved.text).not.toMatch(/local-(?:app-secret|verify-token|access-token|sinch-secret)/);
    expect(loaded).toMatchObject({ status: 200, body: { files: 1 } });
    expect(await viewOf(second)).toEqual(before);
    expect((await second.call('GET', '/_local/clock')).body.now).toMatch(/^2030-01-01T12:00/);
    expect((await second.session('support', '+15559999999')).body.state).toBe('closed');
    expect((await second.send('support', CUSTOMER)).status).toBe(201);
    const media = await second.call('GET', `/v1/channels/support/customers/${CUSTOMER}/messages/wamid.meter/media`);
    const file = await fetch(media.body.url);
    expect(Buffer.from(await file.arrayBuffer()).toString('base64')).toBe(PNG);
    await second.clock({ advanceSeconds: 86_400 });
    expect(await second.send('support', CUSTOMER)).toMatchObject({ status: 409, body: { code: 'window_closed' } });
  });

  it('refuses a file that is not one, naming the field, and changes nothing', async () => {
    const { call, session } = await aStory();
    const state = (await call('GET', '/_local/state')).body;
    const load = async (body: object | string) => (await call('PUT', '/_local/state', { body })).body;

    expect((await load('{')).errors).toMatchObject([{ path: '' }]);
    expect((await load({ ...state, version: 1 })).errors).toMatchObject([{ path: 'version' }]);
    expect((await load({ ...state, channels: ['sales'] })).errors).toMatchObject([
      { path: 'channels', message: expect.stringContaining('sales') },
    ]);
    expect((await load({ ...state, table: [{ pk: { S: 'a' }, sk: { S: 'b' }, n: { N: 'much' } }] })).code).toBe(
      'invalid_request',
    );
    expect((await load({ ...state, clock: { now: 'noon' } })).errors).toMatchObject([{ path: 'clock.now' }]);
    expect((await session('support', CUSTOMER)).body.state).toBe('open');
  });
});
