import { threadCpuUsage } from 'node:process';

/** An input must cost less than so many times the median of its class. */
const TIMES = 50;
/** Below it an input is not suspected: a collection of garbage or a cold cache costs as much. */
const LEAST_MS = 5;
/** Costs of a class from which its median is known, and from which it is computed anew. */
const KNOWN = 100;
const KEPT = 500;

/** Milliseconds of CPU that this thread used for a call. */
export const cpuOf = async <T>(
  run: () => Promise<T>,
): Promise<{ readonly result: T; readonly milliseconds: number }> => {
  const before = threadCpuUsage();
  const result = await run();
  const { user, system } = threadCpuUsage(before);
  return { result, milliseconds: (user + system) / 1000 };
};

const medianOf = (costs: readonly number[]): number =>
  costs.toSorted((a, b) => a - b)[Math.floor(costs.length / 2)] ?? 0;

/** The last costs of the inputs of one class, and their median. */
const createClass = () => {
  const costs: number[] = [];
  let count = 0;
  let median = 0;
  return {
    median: (): number | undefined => (count < KNOWN ? undefined : median),
    add: (milliseconds: number): void => {
      costs[count % KEPT] = milliseconds;
      count += 1;
      if (count % KNOWN === 0) median = medianOf(costs);
    },
  };
};

/** What an input is compared with: inputs at most twice as long, with the same answer and as many requests to the table. */
export interface Comparable {
  readonly target: string;
  readonly answer: number | string;
  readonly requests: number;
  readonly bytes: number;
}

/** The medians of all classes. A class of few inputs is measured by the median over all answers. */
export const createCosts = () => {
  const classes = new Map<string, ReturnType<typeof createClass>>();
  const classOf = (...key: readonly (number | string)[]) => {
    const name = key.join(' ');
    const known = classes.get(name) ?? createClass();
    classes.set(name, known);
    return known;
  };
  return {
    /** Records what an input cost; returns the most that is not suspicious. */
    limitOf: ({ target, answer, requests, bytes }: Comparable, milliseconds: number): number => {
      const length = Math.floor(Math.log2(bytes + 1));
      const exact = classOf(target, length, answer, requests);
      const wide = classOf(target, length, requests);
      const median = exact.median() ?? wide.median();
      exact.add(milliseconds);
      wide.add(milliseconds);
      return median === undefined ? Number.POSITIVE_INFINITY : Math.max(TIMES * median, LEAST_MS);
    },
  };
};
