import type { Span } from './members.ts';

/** One attempt of someone who repeats what is not answered. */
export interface Attempt<T> extends Span {
  readonly event: T;
  readonly isAnswered: boolean;
}

/** Attempts at something, in the order in which they began. */
export interface Attempts<T> {
  readonly all: () => readonly Attempt<T>[];
  /** What an attempt before, which was not answered, has done it has done by now. */
  readonly begin: (event: T) => void;
  readonly end: (event: T) => void;
}

/** The moments of a history, one after the other. */
export const createMoments = () => {
  let moment = 0;
  const next = (): number => {
    moment += 1;
    return moment;
  };
  return {
    next,
    createAttempts: <T>(): Attempts<T> => {
      let all: readonly Attempt<T>[] = [];
      const change = (event: T, changes: Partial<Attempt<T>>): void => {
        const last = all.findLast((one) => one.event === event && !one.isAnswered);
        all = all.map((one) => (one === last ? { ...one, ...changes } : one));
      };
      return {
        all: () => all,
        begin: (event) => {
          const start = next();
          change(event, { end: start });
          all = [...all, { event, start, end: Number.POSITIVE_INFINITY, isAnswered: false }];
        },
        end: (event) => change(event, { end: next(), isAnswered: true }),
      };
    },
  };
};
