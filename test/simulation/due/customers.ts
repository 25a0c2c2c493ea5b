const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;
/** The second at which the days begin. */
export const START = 1_800_000_000;

interface Habits {
  readonly count: number;
  /** Each writes for the first time within so many seconds. */
  readonly beginWithin: number;
  /** Whether a customer writes again about an hour later, or some time within a day and a half. */
  readonly chats: (number: string) => boolean;
  /** A random integer below the limit. */
  readonly below: (limit: number) => number;
}

/** Customers who write again and again, each at random times. */
export const createCustomers = ({ count, beginWithin, chats, below }: Habits) => {
  const numbers = Array.from({ length: count }, (_, index) => `+1650555${1_000 + index}`);
  const next = new Map(numbers.map((number) => [number, START + below(beginWithin)]));
  const gap = (number: string): number =>
    chats(number) ? 20 * MINUTE + below(80 * MINUTE) : 3 * HOUR + below(30 * HOUR);
  return {
    numbers,
    /** A second of each minute of so many days. */
    *seconds(days: number) {
      for (let minute = 0; minute < (days * DAY) / MINUTE; minute += 1) yield START + minute * MINUTE + below(8);
    },
    /** Those who write by that second. */
    *writers(now: number) {
      for (const [number, at] of next)
        if (at <= now) {
          next.set(number, now + gap(number));
          yield number;
        }
    },
  };
};
