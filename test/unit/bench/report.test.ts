import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { toChart } from '../../bench/chart.ts';
import { toCosts, toPage } from '../../bench/report.ts';
import { loadResults } from '../../bench/results.ts';

const DOCS = new URL('../../../docs/', import.meta.url);

it.each([
  ['performance.md', toPage],
  ['performance.svg', toChart],
])('nothing in %s is typed by hand', (name, render) => {
  expect(readFileSync(new URL(name, DOCS), 'utf8')).toBe(render(loadResults()));
});

it('the tables of the costs are those of the measured units', () => {
  const costs = readFileSync(new URL('cost.md', DOCS), 'utf8');

  expect(costs).toBe(toCosts(costs, loadResults()));
});
