import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './synthesize.ts';

const source = readFileSync(join(ROOT, 'functions/shared/runtime/log.ts'), 'utf8');

/** The text from there to the first of what ends it. */
const between = (start: string, end: string): string => {
  const [, rest] = source.split(start);
  if (rest === undefined) throw new Error(`log.ts does not hold "${start}"`);
  return rest.slice(0, rest.indexOf(end));
};

const quoted = (text: string): readonly string[] => [...text.matchAll(/'([^']+)'/g)].map(([, name = '']) => name);

/** Every log code, read from the text of the catalogue: as types they are gone when tests run. */
export const LOG_CODES = quoted(between('export interface LogLines', '\n}\n'));

/** Every metric that the functions publish, likewise. */
export const METRIC_NAMES = [
  ...quoted(between('export type MetricName =', ';')),
  ...quoted(between('export type GaugeName =', ';')),
];
