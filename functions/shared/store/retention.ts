import { DAY_SECONDS } from '../domain/time.ts';

/** The TTL of an item that is kept for so many days from a moment; both in epoch seconds. */
export const expiresAfterDays = (from: number, days: number): number => from + days * DAY_SECONDS;
