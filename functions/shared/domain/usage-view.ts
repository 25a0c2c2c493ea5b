import * as z from 'zod';
import { toInstantOfMs } from './time.ts';
import { Amount, costOf, countMessages, PriceGroup, priceGroups } from './usage-cost.ts';
import { type ForecastInput, forecastOf, freeServiceOf } from './usage-forecast.ts';

/** The counters of a month. */
export interface UsageFigures {
  /** Monthly active users of the channel (R14). */
  readonly mau: number;
  /** Monthly active users of all channels together. */
  readonly deploymentMau: number;
  /** Messages by counter. */
  readonly counters: Readonly<Record<string, number>>;
  readonly thresholds: readonly { readonly threshold: number; readonly mau: number; readonly reachedAt: number }[];
}

const count = z.int().nonnegative();
const byType = z.record(z.string(), count);

/** The usage of a channel in a month, as the API shows it. */
export const UsageView = z
  .object({
    channel: z.string(),
    month: z.string().meta({ description: 'Calendar month in UTC, `yyyy-mm`' }),
    mau: count.meta({ description: 'Monthly active users: customers who sent or received a message, each once' }),
    deployment: z.object({
      mau: count.meta({ description: 'Monthly active users of all channels together, each once' }),
    }),
    messages: z.object({
      inbound: count.meta({ description: 'Messages of customers' }),
      session: count.meta({ description: 'Session messages that the provider accepted' }),
      template: count.meta({ description: 'Template messages that the provider accepted' }),
      byType: z.object({
        inbound: byType,
        session: byType,
        template: byType.meta({ description: 'By the category of the template' }),
      }),
      byPrice: z.array(PriceGroup).meta({ description: 'By the price that the provider has reported' }),
      paid: count,
      free: count,
      unpriced: count.meta({ description: 'Messages sent whose price the provider has not reported' }),
    }),
    freeService: z
      .object({ used: count, left: count })
      .optional()
      .meta({ description: 'Free service messages of the month: answers inside the window (Meta, since 2026-10)' }),
    cost: Amount.optional().meta({ description: 'For a channel with `prices`' }),
    forecast: z
      .object({ session: count, template: count, paid: count, free: count, cost: Amount.optional() })
      .optional()
      .meta({ description: 'The current month at its end, if usage continues as before' }),
    thresholds: z.array(
      z.object({ threshold: count, mau: count, reachedAt: z.string().meta({ format: 'date-time' }) }),
    ),
    closing: z
      .object({ withinSeconds: count, windows: count, advice: z.string() })
      .optional()
      .meta({ description: 'Windows that end soon; only for the current month' }),
  })
  .meta({ id: 'Usage' });
export type UsageView = z.infer<typeof UsageView>;

const typesOf = (counters: UsageFigures['counters'], kind: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(counters)
      .filter(([counter]) => counter.startsWith(`${kind}.`))
      .toSorted(([one], [other]) => one.localeCompare(other))
      .map(([counter, messages]) => [counter.slice(kind.length + 1), messages]),
  );

const total = (types: Readonly<Record<string, number>>): number =>
  Object.values(types).reduce((sum, messages) => sum + messages, 0);

export interface UsageOf extends ForecastInput {
  readonly channel: string;
  readonly figures: UsageFigures;
  /** The number of windows that end within a time; `undefined` unless it is the current month. */
  readonly closing: { readonly withinSeconds: number; readonly windows: number } | undefined;
}

const ADVICE = 'Answer before the window ends: that takes a session message, later it takes a template.';

/** Shows the usage of a month, its cost, and a forecast for its end. */
export const toUsageView = (usage: UsageOf): UsageView => {
  const { channel, month, prices, figures, closing } = usage;
  const { counters } = figures;
  const groups = priceGroups(counters);
  const types = {
    inbound: typesOf(counters, 'inbound'),
    session: typesOf(counters, 'session'),
    template: typesOf(counters, 'template'),
  };
  const sent = { session: total(types.session), template: total(types.template) };
  const [paid, free] = [countMessages(groups, 'paid'), countMessages(groups, 'free')];
  return {
    channel,
    month,
    mau: figures.mau,
    deployment: { mau: figures.deploymentMau },
    messages: {
      inbound: total(types.inbound),
      ...sent,
      byType: types,
      byPrice: [...groups],
      paid,
      free,
      unpriced: Math.max(0, sent.session + sent.template - paid - free),
    },
    freeService: freeServiceOf(usage, groups),
    cost: costOf(groups, prices),
    forecast: forecastOf(usage, groups, sent),
    thresholds: figures.thresholds.map((one) => ({ ...one, reachedAt: toInstantOfMs(one.reachedAt) })),
    closing: closing === undefined ? undefined : { ...closing, advice: ADVICE },
  };
};
