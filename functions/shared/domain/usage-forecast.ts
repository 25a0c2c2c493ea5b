import type { Prices } from './config.ts';
import { monthOf } from './usage.ts';
import { costOf, countMessages, type PriceGroup } from './usage-cost.ts';

/**
 * Since October 2026 WhatsApp charges for service messages, the answers inside the window, after 1,000 free ones per
 * number and month (developers.facebook.com, "Pricing", "Service messages").
 */
const FREE_SERVICE = { since: '2026-10', messages: 1_000, category: 'service' } as const;

/** What a forecast depends on, beside the counters. */
export interface ForecastInput {
  readonly month: string;
  /** Whether WhatsApp's free service messages apply to the channel. */
  readonly hasFreeService: boolean;
  readonly prices: Prices | undefined;
  readonly now: Date;
}

interface SentTotals {
  readonly session: number;
  readonly template: number;
}

/** The part of the month that has passed, 0 to 1; `undefined` unless it is the current month. */
const elapsedShare = (month: string, now: Date): number | undefined => {
  if (month !== monthOf(now.getTime())) return undefined;
  const start = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
  const end = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
  return (now.getTime() - start) / (end - start);
};

/** Service messages, whose price depends on their number in the month. */
const isService = ({ category, type, charge }: PriceGroup): boolean =>
  category === FREE_SERVICE.category && ['regular', 'free_customer_service'].includes(type) && charge !== 'unknown';

/** Free messages come first: once one was paid, no more are free. */
const projectService = (groups: readonly PriceGroup[], factor: number): readonly PriceGroup[] => {
  const [paid, free] = [countMessages(groups, 'paid'), countMessages(groups, 'free')];
  const projected = Math.round((paid + free) * factor);
  const stillFree = paid > 0 ? free : Math.max(free, Math.min(projected, FREE_SERVICE.messages));
  const group = { category: FREE_SERVICE.category, type: 'regular' };
  return [
    { ...group, charge: 'free', messages: stillFree },
    { ...group, charge: 'paid', messages: Math.max(0, projected - stillFree) },
  ];
};

/** Projects paid and free service messages separately: the more there are in the month, the larger the paid part. */
const projectGroups = ({ month, hasFreeService }: ForecastInput, groups: readonly PriceGroup[], factor: number) => {
  const service = hasFreeService && month >= FREE_SERVICE.since ? groups.filter(isService) : [];
  const others = groups.filter((group) => !service.includes(group));
  return [
    ...others.map((group) => ({ ...group, messages: Math.round(group.messages * factor) })),
    ...projectService(service, factor),
  ];
};

/** Less than half a day is too little for a forecast. */
const FIRST_SHARE = 0.5 / 31;

/** The current month at its end, if usage continues as before; `undefined` for other months, and too early in the month. */
export const forecastOf = (input: ForecastInput, groups: readonly PriceGroup[], sent: SentTotals) => {
  const { month, now, prices } = input;
  const share = elapsedShare(month, now);
  if (share === undefined || share < FIRST_SHARE) return undefined;
  const projected = projectGroups(input, groups, 1 / share);
  return {
    session: Math.round(sent.session / share),
    template: Math.round(sent.template / share),
    paid: countMessages(projected, 'paid'),
    free: countMessages(projected, 'free'),
    cost: costOf(projected, prices),
  };
};

/** Free service messages of the month that are used and left; `undefined` where there are none. */
export const freeServiceOf = ({ month, hasFreeService }: ForecastInput, groups: readonly PriceGroup[]) => {
  if (!hasFreeService || month < FREE_SERVICE.since) return undefined;
  const service = groups.filter(isService);
  const used = countMessages(service, 'free');
  // Free messages come first: where one was paid, all free ones are used, even those that were not counted here.
  const isUsedUp = countMessages(service, 'paid') > 0;
  return { used, left: isUsedUp ? 0 : Math.max(0, FREE_SERVICE.messages - used) };
};
