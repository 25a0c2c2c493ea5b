/** The system clock; a deployed Lambda reads the time nowhere else. */
export const systemClock = (): Date => new Date();
