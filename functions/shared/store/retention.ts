export const DAY_SECONDS = 86_400;

/** The TTL of an item that is kept for so many days from a moment; both in epoch seconds. */
export const expiresAfterDays = (from: number, days: number): number => from + days * DAY_SECONDS;
