import { median } from './support.ts';

export const rounded = (value: number, digits = 0): string => value.toFixed(digits);

/** A count in groups of three digits. */
export const counted = (value: number): string => Math.round(value).toLocaleString('en');

/** The median, and the smallest and the largest value. */
export const spread = (values: readonly number[], digits = 2): string =>
  `${rounded(median(values), digits)} (${rounded(Math.min(...values), digits)}–${rounded(Math.max(...values), digits)})`;

export const mebibytes = (bytes: number): string => `${rounded(bytes / 2 ** 20)} MiB`;

export interface TableOf {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A table in Markdown. */
export const toMarkdown = ({ head, rows }: TableOf): string =>
  [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

/** A table for the terminal. */
export const toText = ({ head, rows }: TableOf): string => {
  const widths = head.map((title, column) =>
    Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map((cell) => cell.length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return [head, ...rows].map(line).join('\n');
};
