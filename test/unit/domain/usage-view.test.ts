import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toUsageView, type UsageOf, UsageView } from '../../../functions/shared/domain/usage-view.ts';
import { NOON } from '../../support/arrivals.ts';

/** Half of November has passed. */
const MIDDLE = new Date('2026-11-16T00:00:00.000Z');

const usage = (counters: Record<string, number>, changes: Partial<UsageOf> = {}): UsageOf => ({
  channel: 'support',
  month: '2026-11',
  hasFreeService: true,
  prices: undefined,
  figures: { mau: 3, deploymentMau: 4, counters, thresholds: [] },
  now: MIDDLE,
  closing: undefined,
  ...changes,
});

const PRICES = { currency: 'EUR', categories: { service: 0.01, marketing: 0.1 } };
const PAID_AND_FREE = {
  'session.text': 2_000,
  'template.marketing': 30,
  'price.service.free_customer_service.free': 1_000,
  'price.service.regular.paid': 1_000,
  'price.marketing.regular.paid': 30,
};

describe('the usage of a month', () => {
  it('shows messages by kind, by type and by price', () => {
    const view = toUsageView(
      usage({
        'inbound.text': 5,
        'inbound.image': 1,
        'session.text': 4,
        'template.utility': 2,
        'price.service.free_customer_service.free': 3,
        'price.utility.regular.paid': 1,
        'price.utility.odd.unknown': 1,
      }),
    );

    expect(view).toMatchObject({ channel: 'support', month: '2026-11', mau: 3, deployment: { mau: 4 } });
    expect(view.messages).toEqual({
      inbound: 6,
      session: 4,
      template: 2,
      byType: { inbound: { image: 1, text: 5 }, session: { text: 4 }, template: { utility: 2 } },
      byPrice: [
        { category: 'service', type: 'free_customer_service', charge: 'free', messages: 3 },
        { category: 'utility', type: 'odd', charge: 'unknown', messages: 1 },
        { category: 'utility', type: 'regular', charge: 'paid', messages: 1 },
      ],
      paid: 1,
      free: 3,
      unpriced: 2,
    });
  });

  it('leaves out a price that was given back', () => {
    expect(toUsageView(usage({ 'price.service.regular.paid': 0 })).messages.byPrice).toEqual([]);
  });

  it('says how many answers are free this month, where WhatsApp gives them', () => {
    const counters = { 'price.service.free_customer_service.free': 990 };

    expect(toUsageView(usage(counters)).freeService).toEqual({ used: 990, left: 10 });
    expect(toUsageView(usage({ ...counters, 'price.service.regular.paid': 1 })).freeService?.left).toBe(0);
    expect(toUsageView(usage(counters, { month: '2026-09' })).freeService).toBeUndefined();
    expect(toUsageView(usage(counters, { hasFreeService: false })).freeService).toBeUndefined();
  });

  it('costs what the configured prices say, names categories without one, and nothing without prices', () => {
    const counters = { ...PAID_AND_FREE, 'price.authentication.regular.paid': 7 };

    expect(toUsageView(usage(counters, { prices: PRICES })).cost).toEqual({
      currency: 'EUR',
      amount: 13,
      withoutPrice: ['authentication'],
    });
    expect(toUsageView(usage(counters)).cost).toBeUndefined();
  });

  it('shows thresholds with the moment at which they were reached', () => {
    const thresholds = [{ threshold: 2, mau: 2, reachedAt: NOON.getTime() }];

    expect(toUsageView(usage({}, { figures: { ...usage({}).figures, thresholds } })).thresholds).toEqual([
      { threshold: 2, mau: 2, reachedAt: NOON.toISOString() },
    ]);
  });

  it('says how many windows close soon, and what that means', () => {
    const { closing } = toUsageView(usage({}, { closing: { withinSeconds: 3_600, windows: 7 } }));

    expect(closing).toMatchObject({ withinSeconds: 3_600, windows: 7, advice: expect.stringContaining('template') });
  });
});

describe('the forecast', () => {
  it('goes on as until now, and beyond the free answers each one is paid', () => {
    const counters = { 'session.text': 800, 'price.service.free_customer_service.free': 800 };

    expect(toUsageView(usage(counters, { prices: PRICES })).forecast).toEqual({
      session: 1_600,
      template: 0,
      paid: 600,
      free: 1_000,
      cost: { currency: 'EUR', amount: 6, withoutPrice: [] },
    });
  });

  it('keeps what is free for other reasons', () => {
    const counters = { 'price.service.free_entry_point.free': 3_000, 'price.marketing.regular.paid': 10 };

    expect(toUsageView(usage(counters)).forecast).toMatchObject({ paid: 20, free: 6_000 });
  });

  it('takes no more answers for free once one was paid', () => {
    expect(toUsageView(usage({ 'price.service.regular.paid': 500 })).forecast).toMatchObject({ paid: 1_000, free: 0 });
  });

  it('gives no answers for free where the provider does not', () => {
    const counters = { 'price.service.regular.paid': 500 };

    expect(toUsageView(usage(counters, { hasFreeService: false })).forecast).toMatchObject({ paid: 1_000, free: 0 });
  });

  it('is of the running month alone', () => {
    expect(toUsageView(usage(PAID_AND_FREE, { month: '2026-10' })).forecast).toBeUndefined();
    expect(toUsageView(usage(PAID_AND_FREE, { now: new Date('2026-11-01T11:00:00.000Z') })).forecast).toBeUndefined();
  });

  it('never foretells less than there is, and at the end just that', () => {
    const counters = fc.record({
      'price.service.free_customer_service.free': fc.integer({ min: 0, max: 1_000 }),
      'price.service.regular.paid': fc.nat(2_000),
      'price.marketing.regular.paid': fc.nat(10_000),
    });
    const second = fc.integer({ min: 43_200, max: 30 * 86_400 - 1 });
    fc.assert(
      fc.property(counters, second, (counted, seconds) => {
        const now = new Date(Date.UTC(2026, 10, 1) + seconds * 1_000);
        const { messages, forecast } = toUsageView(usage(counted, { now }));
        expect(forecast?.paid).toBeGreaterThanOrEqual(messages.paid);
        expect(forecast?.free).toBeGreaterThanOrEqual(messages.free);
        expect(() => UsageView.parse(toUsageView(usage(counted, { now })))).not.toThrow();
      }),
    );
    const last = toUsageView(usage(PAID_AND_FREE, { now: new Date('2026-11-30T23:59:59.999Z') }));
    expect(last.forecast).toMatchObject({ paid: 1_030, free: 1_000 });
  });
});
