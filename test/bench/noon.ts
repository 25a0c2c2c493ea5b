export const NOON = Date.UTC(2026, 10, 20, 12) / 1_000;

/** The time of the service: sends are made at it. */
export const SENDS_AT = NOON + 3_600;
