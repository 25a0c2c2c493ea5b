import pMap from 'p-map';

/** Operations at the same time: as many as one container of a Lambda has writes for one webhook. */
export const CONCURRENCY = 32;

export interface Measured {
  readonly perSecond: number;
  /** CPU of this process for each operation. */
  readonly cpuMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export type Act = () => Promise<unknown>;

/** The value below which a share of the values lies. */
const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

/** Runs the operations, so many at a time, and measures them. */
export const measure = async (acts: readonly Act[], concurrency = CONCURRENCY): Promise<Measured> => {
  const times: number[] = [];
  const before = process.cpuUsage();
  const started = performance.now();
  await pMap(
    acts,
    async (act) => {
      const begun = performance.now();
      await act();
      times.push(performance.now() - begun);
    },
    { concurrency },
  );
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(before);
  return {
    perSecond: acts.length / seconds,
    cpuMs: (user + system) / 1_000 / acts.length,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
  };
};
