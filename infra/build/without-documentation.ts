import { readFileSync } from 'node:fs';
import type { Plugin } from 'rolldown';

const CALL = '.meta(';
const QUOTES = `"'\``;

/** The index after the bracket that closes the one at `start`; what stands in quotes is text. */
const endOfCall = (code: string, start: number): number => {
  let depth = 0;
  let quote: string | undefined;
  for (let index = start; index < code.length; index += 1) {
    const char = code.charAt(index);
    if (char === '\\') index += 1;
    else if (quote !== undefined) quote = char === quote ? undefined : quote;
    else if (QUOTES.includes(char)) quote = char;
    else if (char === '(') depth += 1;
    else if (char === ')') depth -= 1;
    if (depth === 0 && quote === undefined) return index + 1;
  }
  throw new Error('a call of meta has no end');
};

/** Code without the descriptions of its schemas, which the generators read and no Lambda does; each line keeps its number. */
export const removeDocumentation = (code: string): string => {
  const start = code.indexOf(CALL);
  if (start === -1) return code;
  const end = endOfCall(code, start + CALL.length - 1);
  const lines = code.slice(start, end).replaceAll(/[^\n]/g, '');
  return code.slice(0, start) + lines + removeDocumentation(code.slice(end));
};

/** Bundles schemas without their descriptions: more than a hundredth of a bundle. */
export const withoutDocumentation = (folder: string): Plugin => ({
  name: 'without-documentation',
  load: {
    filter: { id: /\.ts$/ },
    handler: (path) => (path.startsWith(folder) ? removeDocumentation(readFileSync(path, 'utf8')) : null),
  },
});
