import { describe, expect, it } from 'vitest';
import { createPrices } from '../../../infra/local/simulator/meta/prices.ts';
import { aLocalService } from '../../support/local.ts';

const CUSTOMER = '+15551234567';
const FREE = { category: 'service', type: 'free_customer_service', billable: false };
const TEMPLATE = {
  channel: 'support',
  to: CUSTOMER,
  content: { type: 'template', name: 'hello_again', language: 'de' },
};

/** A message that the simulated provider accepted. */
const aSentMessage = async (channel = 'support') => {
  const service = await aLocalService();
  await service.write({ channel, from: CUSTOMER, text: 'Hello' });
  const { id } = (await service.send(channel, CUSTOMER)).body;
  const statusEvents = async () => {
    const { events } = (await service.call('GET', '/_local/events')).body;
    return (events as { 'detail-type': string; detail: { data: object } }[])
      .filter((event) => event['detail-type'] === 'message.status')
      .map(({ detail }) => detail.data);
  };
  return { ...service, id, statusEvents, priceOf: async () => (await service.message(id)).body.pricing };
};

describe('the price that the simulated Meta reports', () => {
  it('comes with sent and delivered, and is shown by message, thread and event', async () => {
    const { id, report, thread, priceOf, statusEvents } = await aSentMessage();
    expect(await priceOf()).toBeUndefined();

    await report({ id, status: 'delivered' });
    await report({ id, status: 'read' });

    expect(await priceOf()).toEqual(FREE);
    expect((await thread('support', CUSTOMER)).body.messages[0]).toMatchObject({ id, pricing: FREE });
    const events = await statusEvents();
    expect(events.slice(0, 2).every((data) => !('pricing' in data))).toBe(true);
    expect(events.slice(2)).toMatchObject([
      { status: 'delivered', pricing: FREE },
      { status: 'read', pricing: FREE },
    ]);
  });

  it('is stored when it comes late, without an event', async () => {
    const { id, report, priceOf, statusEvents } = await aSentMessage();
    await report({ id, status: 'read' });
    expect(await priceOf()).toBeUndefined();
    const before = await statusEvents();

    await report({ id, status: 'sent' });

    expect(await priceOf()).toEqual(FREE);
    expect(await statusEvents()).toEqual(before);
  });

  it('is that of its category for a template', async () => {
    const { call, report, message } = await aSentMessage();
    const { id } = (await call('POST', '/v1/messages', { body: TEMPLATE })).body;

    await report({ id, status: 'delivered' });

    expect((await message(id)).body.pricing).toEqual({ category: 'utility', type: 'regular', billable: true });
  });

  it('can be given with the status', async () => {
    const { id, report, priceOf } = await aSentMessage();

    await report({ id, status: 'read', pricing: { category: 'authentication-international', pricing_model: 'CBP' } });

    expect(await priceOf()).toEqual({ category: 'authentication_international' });
  });
});

describe('Sinch', () => {
  it('reports no price', async () => {
    const { id, report, priceOf } = await aSentMessage('support-sinch');

    expect(await report({ id, status: 'sent', pricing: { category: 'service' } })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ path: 'pricing' }] },
    });
    await report({ id, status: 'delivered' });
    expect(await priceOf()).toBeUndefined();
  });
});

describe('the prices of the simulated Meta', () => {
  const NUMBER = '106540352242922';
  const pricesAt = (iso: string) => {
    let now = new Date(iso);
    const priceOf = createPrices({ now: () => now, answers: new Map() });
    return {
      priceOf,
      setNow: (at: string) => {
        now = new Date(at);
      },
      answer: (times: number, number = NUMBER) => {
        for (let time = 0; time < times; time += 1) priceOf(number, 'service');
      },
    };
  };

  it('leave 1,000 answers of a number free each month', () => {
    const { priceOf, answer, setNow } = pricesAt('2026-11-01T00:00:00.000Z');
    answer(999);

    expect(priceOf(NUMBER, 'service')).toEqual({
      billable: false,
      pricing_model: 'PMP',
      type: 'free_customer_service',
      category: 'service',
    });
    expect(priceOf(NUMBER, 'service')).toEqual({
      billable: true,
      pricing_model: 'PMP',
      type: 'regular',
      category: 'service',
    });
    expect(priceOf('999', 'service').type).toBe('free_customer_service');
    setNow('2026-11-30T23:59:59.999Z');
    expect(priceOf(NUMBER, 'service').type).toBe('regular');
    setNow('2026-12-01T00:00:00.000Z');
    expect(priceOf(NUMBER, 'service').type).toBe('free_customer_service');
  });

  it('leave every answer before October 2026 free', () => {
    const { priceOf, answer, setNow } = pricesAt('2026-09-30T23:59:59.999Z');
    answer(1_000);
    expect(priceOf(NUMBER, 'service').type).toBe('free_customer_service');

    setNow('2026-10-01T00:00:00.000Z');
    answer(1_000);

    expect(priceOf(NUMBER, 'service').type).toBe('regular');
  });

  it.each(['marketing', 'utility', 'authentication'])('charge each template of the category %s', (category) => {
    const { priceOf } = pricesAt('2026-11-20T12:00:00.000Z');

    expect(priceOf(NUMBER, category)).toEqual({ billable: true, pricing_model: 'PMP', type: 'regular', category });
  });
});
