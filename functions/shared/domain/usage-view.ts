import * as z from 'zod';
import type { Prices } from './config.ts';
import { CHARGES, monthOf, readPriceCounter } from './usage.ts';

/** What a month has come to, as it was counted. */
export interface UsageFigures {
  /** Monthly active users of the channel (R14). */
  readonly mau: number;
  /** Those of all channels together. */
  readonly deploymentMau: number;
  /** Messages by counter. */
  readonly counters: Readonly<Record<string, number>>;
  readonly thresholds: readonly { readonly threshold: number; readonly mau: number; readonly reachedAt: number }[];
}

/**
 * WhatsApp charges answers inside the window since October 2026, after 1,000 free ones per number and month
 * (developers.facebook.com, "Pricing", "Service messages").
 */
const FREE_SERVICE = { since: '2026-10', messages: 1_000, category: 'service' } as const;

const count = z.int().nonnegative();
const byType = z.record(z.string(), count);

const Amount = z.object({
  currency: z.string(),
  amount: z.number().meta({ description: 'What is paid for, by the prices of the configuration' }),
  withoutPrice: z.array(z.string()).meta({ description: 'Categories that were paid for and have no price there' }),
});

const PriceGroup = z.object({
  category: z.string(),
  type: z
    .string()
    .meta({ description: '`regular` is paid for, what begins with `free_` is not; `none` under old pricing' }),
  charge: z.enum(CHARGES),
  messages: count,
});
type PriceGroup = z.infer<typeof PriceGroup>;

/** The usage of a channel in a month, as the API shows it. */
export const UsageView = z
  .object({
    channel: z.string(),
    month: z.string().meta({ description: 'Calendar month in UTC, `yyyy-mm`' }),
    mau: count.meta({ description: 'Monthly active users: customers who sent or received a message, each once' }),
    deployment: z.object({ mau: count.meta({ description: 'Those of all channels together, each once' }) }),
    messages: z.object({
      inbound: count.meta({ description: 'What customers wrote' }),
      session: count.meta({ description: 'Session messages that the provider took' }),
      template: count.meta({ description: 'Template messages that the provider took' }),
      byType: z.object({
        inbound: byType,
        session: byType,
        template: byType.meta({ description: 'By the category of the template' }),
      }),
      byPrice: z.array(PriceGroup).meta({ description: 'As the provider charges them, once it has said so' }),
      paid: count,
      free: count,
      unpriced: count.meta({ description: 'Of which the provider has not said whether they cost something' }),
    }),
    freeService: z
      .object({ used: count, left: count })
      .optional()
      .meta({ description: 'Answers inside the window that are free this month (Meta, since 2026-10)' }),
    cost: Amount.optional().meta({ description: 'Where the channel has `prices`' }),
    forecast: z
      .object({ session: count, template: count, paid: count, free: count, cost: Amount.optional() })
      .optional()
      .meta({ description: 'The running month at its end, if it goes on as it has until now' }),
    thresholds: z.array(
      z.object({ threshold: count, mau: count, reachedAt: z.string().meta({ format: 'date-time' }) }),
    ),
    closing: z
      .object({ withinSeconds: count, windows: count, advice: z.string() })
      .optional()
      .meta({ description: 'Windows that end soon; of the running month' }),
  })
  .meta({ id: 'Usage' });
export type UsageView = z.infer<typeof UsageView>;

const sumUp = (groups: readonly PriceGroup[], charge: PriceGroup['charge']): number =>
  groups.filter((group) => group.charge === charge).reduce((sum, { messages }) => sum + messages, 0);

const priceGroups = (counters: UsageFigures['counters']): readonly PriceGroup[] =>
  Object.entries(counters)
    .flatMap(([counter, messages]): readonly PriceGroup[] => {
      const price = readPriceCounter(counter);
      return price === undefined || messages <= 0 ? [] : [{ ...price, messages }];
    })
    .toSorted((one, other) => `${one.category} ${one.type}`.localeCompare(`${other.category} ${other.type}`));

const typesOf = (counters: UsageFigures['counters'], kind: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(counters)
      .filter(([counter]) => counter.startsWith(`${kind}.`))
      .toSorted(([one], [other]) => one.localeCompare(other))
      .map(([counter, messages]) => [counter.slice(kind.length + 1), messages]),
  );

const total = (types: Readonly<Record<string, number>>): number =>
  Object.values(types).reduce((sum, messages) => sum + messages, 0);

/** Rounded to a ten-thousandth, which no currency of a price list goes below. */
const toAmount = (sum: number): number => Math.round(sum * 10_000) / 10_000;

const costOf = (groups: readonly PriceGroup[], prices: Prices | undefined): z.infer<typeof Amount> | undefined => {
  if (prices === undefined) return undefined;
  const paid = groups.filter(({ charge, messages }) => charge === 'paid' && messages > 0);
  const priceOf = (category: string): number | undefined =>
    Object.hasOwn(prices.categories, category) ? prices.categories[category] : undefined;
  return {
    currency: prices.currency,
    amount: toAmount(paid.reduce((sum, { category, messages }) => sum + messages * (priceOf(category) ?? 0), 0)),
    withoutPrice: [...new Set(paid.map(({ category }) => category))].filter((name) => priceOf(name) === undefined),
  };
};

/** Which part of the month has passed; `undefined` for every other month than that of now. */
const elapsedShare = (month: string, now: Date): number | undefined => {
  if (month !== monthOf(now.getTime())) return undefined;
  const start = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
  const end = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
  return (now.getTime() - start) / (end - start);
};

/** Answers whose price depends on how many there have been this month. */
const isAnswer = ({ category, type, charge }: PriceGroup): boolean =>
  category === FREE_SERVICE.category && ['regular', 'free_customer_service'].includes(type) && charge !== 'unknown';

/** The free ones come first: once one was paid, no more are free. */
const projectAnswers = (groups: readonly PriceGroup[], factor: number): readonly PriceGroup[] => {
  const [paid, free] = [sumUp(groups, 'paid'), sumUp(groups, 'free')];
  const answers = Math.round((paid + free) * factor);
  const stillFree = paid > 0 ? free : Math.max(free, Math.min(answers, FREE_SERVICE.messages));
  const answer = { category: FREE_SERVICE.category, type: 'regular' };
  return [
    { ...answer, charge: 'free', messages: stillFree },
    { ...answer, charge: 'paid', messages: Math.max(0, answers - stillFree) },
  ];
};

/** Answers are free up to a number of them, so that the more there are, the greater is the part that is paid. */
const projectGroups = ({ month, hasFreeService }: UsageOf, groups: readonly PriceGroup[], factor: number) => {
  const answers = hasFreeService && month >= FREE_SERVICE.since ? groups.filter(isAnswer) : [];
  const others = groups.filter((group) => !answers.includes(group));
  return [
    ...others.map((group) => ({ ...group, messages: Math.round(group.messages * factor) })),
    ...projectAnswers(answers, factor),
  ];
};

export interface UsageOf {
  readonly channel: string;
  readonly month: string;
  /** Whether the number is one of WhatsApp's own API, whose free answers are known. */
  readonly hasFreeService: boolean;
  readonly prices: Prices | undefined;
  readonly figures: UsageFigures;
  readonly now: Date;
  /** How many windows end within that time; absent for other months than that of now. */
  readonly closing: { readonly withinSeconds: number; readonly windows: number } | undefined;
}

/** Less than half a day says nothing about a month. */
const FIRST_SHARE = 0.5 / 31;

const forecastOf = (usage: UsageOf, groups: readonly PriceGroup[], sent: SentTotals) => {
  const { month, now, prices } = usage;
  const share = elapsedShare(month, now);
  if (share === undefined || share < FIRST_SHARE) return undefined;
  const projected = projectGroups(usage, groups, 1 / share);
  return {
    session: Math.round(sent.session / share),
    template: Math.round(sent.template / share),
    paid: sumUp(projected, 'paid'),
    free: sumUp(projected, 'free'),
    cost: costOf(projected, prices),
  };
};

interface SentTotals {
  readonly session: number;
  readonly template: number;
}

const freeServiceOf = ({ month, hasFreeService }: UsageOf, groups: readonly PriceGroup[]) => {
  if (!hasFreeService || month < FREE_SERVICE.since) return undefined;
  const answers = groups.filter(isAnswer);
  const used = sumUp(answers, 'free');
  // The free ones come first: where one was paid, others were free that nobody counted here.
  const isUsedUp = sumUp(answers, 'paid') > 0;
  return { used, left: isUsedUp ? 0 : Math.max(0, FREE_SERVICE.messages - used) };
};

const ADVICE = 'An answer before its window ends costs a session message, later a template.';

/** Shows what a month has come to, what it costs, and what it will have come to at its end. */
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
  const [paid, free] = [sumUp(groups, 'paid'), sumUp(groups, 'free')];
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
    thresholds: figures.thresholds.map((one) => ({ ...one, reachedAt: new Date(one.reachedAt).toISOString() })),
    closing: closing === undefined ? undefined : { ...closing, advice: ADVICE },
  };
};
