/** Epoch seconds as ISO 8601. */
export const instant = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** Epoch milliseconds as ISO 8601. */
export const instantOfMs = (milliseconds: number): string => new Date(milliseconds).toISOString();
