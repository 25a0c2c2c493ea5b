import { describe, expect, it } from 'vitest';
import { BUILT_IN } from '../../../infra/shared/local-configuration.ts';
import { aLocalService, aMetaWebhook, postMeta } from '../../support/local.ts';

const CUSTOMERS = ['+15551230001', '+15551230002', '+15551230003'] as const;
const [FIRST, SECOND, THIRD] = CUSTOMERS;
const USER = 'US.13491208655302741918';

const configured = (channel: object) => ({
  configuration: { ...BUILT_IN, channels: BUILT_IN.channels.map((one) => ({ ...one, ...channel })) },
});

const aMonth = async (options: Parameters<typeof aLocalService>[0] = {}) => {
  const service = await aLocalService(options);
  await service.clock({ now: '2026-11-16T00:00:00.000Z' });
  return {
    ...service,
    usage: async (channel = 'support', query = '') =>
      (await service.call('GET', `/v1/channels/${channel}/usage${query}`)).body,
    thresholds: async () =>
      (await service.call('GET', '/_local/events')).body.events.filter(
        (event: Record<string, unknown>) => event['detail-type'] === 'usage.threshold',
      ),
  };
};

describe('the usage of a channel', () => {
  it('counts customers once and every message, by kind and by price', async () => {
    const { write, send, report, usage } = await aMonth();
    await write({ channel: 'support', from: FIRST, text: 'Hello' });
    await write({ channel: 'support', from: FIRST, text: 'Anybody there?' });
    await write({ channel: 'support-sinch', from: FIRST, text: 'Hello' });
    await write({ channel: 'support', from: SECOND, text: 'Hello' });
    const { id } = (await send('support', FIRST)).body;
    await report({ id, status: 'delivered' });

    expect(await usage()).toMatchObject({
      channel: 'support',
      month: '2026-11',
      mau: 2,
      deployment: { mau: 2 },
      messages: {
        inbound: 3,
        session: 1,
        template: 0,
        byType: { inbound: { text: 3 }, session: { text: 1 }, template: {} },
        byPrice: [{ category: 'service', type: 'free_customer_service', charge: 'free', messages: 1 }],
        paid: 0,
        free: 1,
        unpriced: 0,
      },
      freeService: { used: 1, left: 999 },
      forecast: { session: 2, free: 2, paid: 0 },
      closing: { withinSeconds: 3_600, windows: 0 },
      thresholds: [],
    });
    expect(await usage('support-sinch')).toMatchObject({ mau: 1, deployment: { mau: 2 }, messages: { inbound: 1 } });
    expect(await usage('support', '?month=2026-10')).toMatchObject({ mau: 0, messages: { inbound: 0 } });
  });

  it('costs the configured prices', async () => {
    const prices = { currency: 'EUR', categories: { marketing: 0.25 } };
    const { call, report, usage } = await aMonth(configured({ prices }));
    await call('PUT', `/v1/channels/support/customers/${FIRST}/consent`, {
      body: { state: 'opted_in', source: 'website', actor: 'checkout' },
    });
    const content = { type: 'template', name: 'hello_again', language: 'en_US' };
    const { body } = await call('POST', '/v1/messages', { body: { channel: 'support', to: FIRST, content } });
    await report({ id: body.id, status: 'delivered', pricing: { category: 'marketing', type: 'regular' } });

    const { mau, messages, cost, forecast } = await usage();
    expect({ mau, template: messages.template, cost, forecast: forecast.cost }).toEqual({
      mau: 1,
      template: 1,
      cost: { currency: 'EUR', amount: 0.25, withoutPrice: [] },
      forecast: { currency: 'EUR', amount: 0.5, withoutPrice: [] },
    });
  });

  it('counts a customer once who writes under a number and a user id', async () => {
    const { url, usage } = await aMonth();
    const text = (id: string, names: object) => ({
      ...names,
      id: `wamid.${id}`,
      timestamp: String(Date.parse('2026-11-15T23:59:00Z') / 1000),
      type: 'text',
      text: { body: 'Hello' },
    });
    for (const [id, names] of Object.entries({
      one: { from_user_id: USER },
      two: { from: FIRST.slice(1) },
      three: { from: FIRST.slice(1), from_user_id: USER },
      four: { from_user_id: USER },
    }))
      expect((await postMeta(url, aMetaWebhook(text(id, names)))).status).toBe(200);

    expect(await usage()).toMatchObject({ mau: 1, deployment: { mau: 1 }, messages: { inbound: 4 } });
  });

  it('stays the same when a customer is erased', async () => {
    const { write, usage, call } = await aMonth();
    await write({ channel: 'support', from: FIRST, text: 'Hello' });
    await write({ channel: 'support', from: SECOND, text: 'Hello' });

    expect((await call('DELETE', `/v1/channels/support/customers/${FIRST}`)).body).toMatchObject({
      done: true,
      removed: { members: 1 },
    });

    expect(await usage()).toMatchObject({ mau: 2, deployment: { mau: 2 }, messages: { inbound: 2 } });
  });

  it('counts windows that close within the hour', async () => {
    const { write, usage, clock } = await aMonth();
    for (const from of CUSTOMERS) await write({ channel: 'support', from, text: 'Hello' });
    await clock({ advanceSeconds: 82_801 });
    await write({ channel: 'support', from: THIRD, text: 'Still here' });

    expect((await usage()).closing).toMatchObject({ withinSeconds: 3_600, windows: 2 });
  });

  it('is refused for a month that is not stored, naming the months that are', async () => {
    const { call } = await aMonth();

    for (const month of ['2024-10', '2027-01'])
      expect((await call('GET', `/v1/channels/support/usage?month=${month}`)).body).toMatchObject({
        code: 'invalid_request',
        errors: [{ path: 'month', message: 'is not stored: choose a month from 2024-11 to 2026-12' }],
      });
  });

  it('is refused for a month that is not one, naming the field', async () => {
    const { call } = await aMonth();

    const { status, body } = await call('GET', '/v1/channels/support/usage?month=November');

    expect({ status, errors: body.errors }).toEqual({
      status: 400,
      errors: [{ path: 'month', message: expect.stringContaining('2026-11') }],
    });
    expect((await call('GET', '/v1/channels/nowhere/usage')).status).toBe(404);
  });
});

describe('a threshold of monthly active users', () => {
  it('is published once a month, with every lower threshold', async () => {
    const { write, usage, thresholds, clock } = await aMonth(configured({ mauThresholds: [1, 2, 5] }));
    await write({ channel: 'support', from: FIRST, text: 'Hello' });
    await usage();
    for (const from of [SECOND, THIRD, FIRST]) await write({ channel: 'support', from, text: 'Hello' });

    const { thresholds: shown } = await usage();
    const published = await thresholds();
    expect(shown.map(({ threshold }: { threshold: number }) => threshold)).toEqual([1, 2]);
    expect(published).toHaveLength(2);
    expect(published[0]).toMatchObject({
      source: 'carewindow',
      detail: { version: 1, channel: 'support', data: { month: '2026-11', threshold: 1, mau: 1 } },
    });

    await clock({ now: '2026-12-01T00:00:00.000Z' });
    await write({ channel: 'support', from: FIRST, text: 'Hello again' });
    await usage();

    expect((await thresholds()).map(({ detail }: { detail: { data: object } }) => detail.data)).toMatchObject([
      { month: '2026-11', threshold: 1 },
      { month: '2026-11', threshold: 2 },
      { month: '2026-12', threshold: 1, mau: 1 },
    ]);
  });
});
