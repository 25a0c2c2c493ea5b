import { join } from 'node:path';

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
};

/** The module of a worker. */
export const worker = (name: string): string => join(import.meta.dirname, `${name}.worker.ts`);

export const printRow = (name: string, ...cells: readonly string[]): void =>
  console.log([name.padEnd(34), ...cells.map((cell) => cell.padStart(16))].join(''));
