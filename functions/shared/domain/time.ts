export const DAY_SECONDS = 86_400;

/** Writes epoch seconds as ISO 8601 in UTC. */
export const toInstant = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** Writes epoch milliseconds as ISO 8601 in UTC. */
export const toInstantOfMs = (milliseconds: number): string => new Date(milliseconds).toISOString();
