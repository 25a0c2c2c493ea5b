/** The only clock of a deployed Lambda. */
export const systemClock = (): Date => new Date();
