/** `pricing` of a status as Meta reports it. */
export type Price = {
  readonly billable: boolean;
  readonly pricing_model: 'PMP';
  readonly type: 'regular' | 'free_customer_service';
  readonly category: string;
};

/** The price of the next message of a business number: templates by their category, everything else as `service`. */
export type Prices = (business: string, category: string) => Price;

/** Answers of earlier months are free. */
const FIRST_CHARGED_MONTH = '2026-10';
/** Free answers of a number in each calendar month. */
const FREE_ANSWERS = 1_000;

interface PricesDeps {
  readonly now: () => Date;
  /** Answers of a business number by `<number> <month>`. */
  readonly answers: Map<string, number>;
}

/** Charges as Meta does: every template, and answers from the 1,001st of a month. */
export const createPrices = ({ now, answers }: PricesDeps): Prices => {
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
