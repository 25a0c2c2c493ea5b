import type { Results } from './results.ts';
import { median } from './support.ts';

const WIDTH = 760;
const ROW = 34;
const LEFT = 220;
const RIGHT = 90;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Webhooks a second of each contestant as bars, as SVG that reads on light and on dark pages. */
export const toChart = ({ contest, origin }: Results): string => {
  const rates = contest.map(({ name, runs }) => ({ name, rate: median(runs.map(({ perSecond }) => perSecond)) }));
  const limit = rates[0]?.rate ?? 1;
  const most = Math.max(...rates.map(({ rate }) => rate));
  const bars = rates.map(({ name, rate }, row) => {
    const y = 40 + row * ROW;
    const width = (rate / most) * (WIDTH - LEFT - RIGHT);
    const color = row === 0 ? '#8a8f98' : name.startsWith('CareWindow') ? '#1f883d' : '#4c8dd6';
    return [
      `<text x="${LEFT - 10}" y="${y + 16}" text-anchor="end">${escaped(name)}</text>`,
      `<rect x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="22" rx="3" fill="${color}"/>`,
      `<text x="${(LEFT + width + 8).toFixed(1)}" y="${y + 16}">${rate.toFixed(0)} (${(rate / limit).toFixed(2)})</text>`,
    ].join('');
  });
  const height = 40 + rates.length * ROW + 10;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="13" fill="#7d8590">
<title>Webhooks a second (as a share of the two writes alone), ${origin.date}</title>
<text x="${LEFT}" y="22" font-weight="600">Webhooks a second (as a share of the two writes alone)</text>
${bars.join('\n')}
</svg>
`;
};
