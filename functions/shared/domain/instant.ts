import * as z from 'zod';

/** A time as the API and the events write it. */
export const Instant = z.string().meta({ format: 'date-time', description: 'ISO 8601, UTC' });
