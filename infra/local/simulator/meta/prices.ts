/** What Meta says of the price of a message. */
export interface MetaPrice {
  readonly billable: boolean;
  readonly pricing_model: 'PMP';
  readonly type: 'regular' | 'free_customer_service';
  readonly category: string;
}

/** The price of the next message of a business number: templates by their category, everything else as `service`. */
export type MetaPrices = (business: string, category: string) => MetaPrice;

/** Before it, answers cost nothing. */
const FIRST_CHARGED_MONTH = '2026-10';
/** Answers of a number that are free in each calendar month. */
const FREE_ANSWERS = 1_000;

/** Prices as Meta's own: templates are paid for, answers from the 1,001st of a month on. */
export const createMetaPrices = (now: () => Date): MetaPrices => {
  const answers = new Map<string, number>();
  const isFree = (business: string): boolean => {
    const month = now().toISOString().slice(0, 7);
    const key = `${business} ${month}`;
    const count = (answers.get(key) ?? 0) + 1;
    answers.set(key, count);
    return month < FIRST_CHARGED_MONTH || count <= FREE_ANSWERS;
  };
  return (business, category) =>
    category === 'service' && isFree(business)
      ? { billable: false, pricing_model: 'PMP', type: 'free_customer_service', category }
      : { billable: true, pricing_model: 'PMP', type: 'regular', category };
};
