/** The service's clock, which can be set and then keeps running. */
export interface Clock {
  readonly now: () => Date;
  readonly set: (to: Date) => void;
  readonly advance: (seconds: number) => void;
  readonly reset: () => void;
}

/** A clock at an offset to the system's. */
export const createClock = (system: () => Date = () => new Date()): Clock => {
  let offsetMs = 0;
  return {
    now: () => new Date(system().getTime() + offsetMs),
    set: (to) => {
      offsetMs = to.getTime() - system().getTime();
    },
    advance: (seconds) => {
      offsetMs += seconds * 1000;
    },
    reset: () => {
      offsetMs = 0;
    },
  };
};
