import * as z from 'zod';
import type { Prices } from './config.ts';
import { CHARGES, readPriceCounter } from './usage.ts';

/** What messages cost, by the prices in the configuration. */
export const Amount = z.object({
  currency: z.string(),
  amount: z.number().meta({ description: 'The cost of the paid messages, by the prices in the configuration' }),
  withoutPrice: z.array(z.string()).meta({ description: 'Categories of paid messages that have no price there' }),
});

/** Messages of one price. */
export const PriceGroup = z.object({
  category: z.string(),
  type: z.string().meta({
    description: '`regular` is paid, types that begin with `free_` are free; `none` where the provider gives no type',
  }),
  charge: z.enum(CHARGES),
  messages: z.int().nonnegative(),
});
export type PriceGroup = z.infer<typeof PriceGroup>;

export const countMessages = (groups: readonly PriceGroup[], charge: PriceGroup['charge']): number =>
  groups.filter((group) => group.charge === charge).reduce((sum, { messages }) => sum + messages, 0);

/** The prices among the counters of a month, sorted. */
export const priceGroups = (counters: Readonly<Record<string, number>>): readonly PriceGroup[] =>
  Object.entries(counters)
    .flatMap(([counter, messages]): readonly PriceGroup[] => {
      const price = readPriceCounter(counter);
      return price === undefined || messages <= 0 ? [] : [{ ...price, messages }];
    })
    .toSorted((one, other) => `${one.category} ${one.type}`.localeCompare(`${other.category} ${other.type}`));

/** Rounds to a ten-thousandth, the smallest unit of price lists. */
const toAmount = (sum: number): number => Math.round(sum * 10_000) / 10_000;

/** What the paid messages cost; `undefined` for a channel without prices. */
export const costOf = (
  groups: readonly PriceGroup[],
  prices: Prices | undefined,
): z.infer<typeof Amount> | undefined => {
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
