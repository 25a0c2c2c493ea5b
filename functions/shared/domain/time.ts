import * as z from 'zod';

export const DAY_SECONDS = 86_400;

/** A time as the API and the events write it. */
export const Instant = z.string().meta({ format: 'date-time', description: 'ISO 8601, UTC' });

/** Writes epoch seconds as ISO 8601 in UTC. */
export const toInstant = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** Writes epoch milliseconds as ISO 8601 in UTC. */
export const toInstantOfMs = (milliseconds: number): string => new Date(milliseconds).toISOString();
