import { globSync, readFileSync } from 'node:fs';
import { checkSync, type Parameters } from 'recheck';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { namedTexts, type Pattern, parse, patternsIn } from '../support/regular-expressions.ts';
import { ROOT } from './synthesize.ts';

/** Decides by automata, which is exact; where recheck has none, by a search that ends by its own count. */
const EXACT: Parameters = { checker: 'automaton', timeout: null, maxNFASize: 1_000_000 };
const SEARCH: Parameters = { checker: 'fuzz', timeout: null, incubationTimeout: null, randomSeed: 1, maxIteration: 3 };

/** Large repetitions are read as unlimited ones, which cost at least as much and make small automata. */
const withoutLimits = (source: string): string =>
  source.replace(/\{(\d+)(?:,(\d*))?\}/g, (limits, least: string, most?: string) => {
    if (most !== '' && Number(most ?? least) <= 6) return limits;
    return least === '0' ? '*' : '+';
  });

/** What stands for the emoji of the flag `v`, which recheck does not read: texts of a fixed list, ten code points at most. */
const EMOJI = '[\\p{Emoji}\\u200d\\ufe0f\\u{e0020}-\\u{e007f}]+';

/** Whether the time for a text grows with its length alone; what recheck cannot read or decide does not. */
const isLinear = ({ source, flags }: Pattern): boolean => {
  const plain = withoutLimits(source.replace('\\p{RGI_Emoji}', EMOJI));
  const exact = checkSync(plain, flags.replace('v', 'u'), EXACT);
  const isUnsupported = exact.status === 'unknown' && exact.error.kind === 'unsupported';
  return (isUnsupported ? checkSync(source, flags, SEARCH) : exact).status === 'safe';
};

const files = globSync('functions/**/*.{ts,tsx}', { cwd: ROOT }).map((path) => {
  const text = readFileSync(`${ROOT}/${path}`, 'utf8');
  return { path, text, nodes: parse(path, text) };
});
const names = namedTexts(files.flatMap(({ nodes }) => nodes));
const found = files.map(({ path, text, nodes }) => ({ path, text, patterns: patternsIn(nodes, names) }));
const patterns = [
  ...new Map(found.flatMap((file) => file.patterns.map((one) => [`/${one.source}/${one.flags}`, one]))),
].map(([literal, pattern]) => ({ literal, pattern }));

const patternsOf = (text: string) => {
  const nodes = parse('a.ts', text);
  return patternsIn(nodes, namedTexts(nodes)).map(({ source, flags }) => `/${source}/${flags}`);
};

beforeAll(() => {
  vi.stubEnv('RECHECK_SYNC_BACKEND', 'pure');
  return () => vi.unstubAllEnvs();
});

describe('a regular expression of the service', () => {
  it.each(patterns)('takes time in proportion to the text that it reads: $literal', ({ pattern }) => {
    expect(isLinear(pattern)).toBe(true);
  });

  it('is found wherever a file has one', () => {
    for (const { path, text, patterns: ofFile } of found) {
      const written = text.match(
        /\.regex\(\s*\/|\bRegExp\(|\.(?:test|exec|replace|replaceAll|split|match|matchAll)\(\/|= \/[^/*]/g,
      );
      expect(ofFile.length, path).toBeGreaterThanOrEqual(written?.length ?? 0);
    }
    expect(patterns.length).toBeGreaterThan(80);
  });
});

describe('the search for regular expressions', () => {
  it('finds literals, those made of text, and the formats of zod', () => {
    expect(patternsOf('const A = /a+/gu; z.string().regex(/b/, "message"); list.map((one) => one.split(/c/))')).toEqual(
      ['/a+/gu', '/b/', '/c/'],
    );
    expect(patternsOf(`const ID = '[0-9]'; new RegExp(\`^\${ID}$\`, 'i'); RegExp('d'); text.match('e+')`)).toEqual([
      '/^[0-9]$/i',
      '/d/',
      '/e+/',
    ]);
    expect(patternsOf('z.iso.date().optional()')).toEqual([expect.stringContaining('\\d')]);
  });

  it('fails for an expression that it cannot read', () => {
    expect(() => patternsOf(`new RegExp(\`^\${given}$\`)`)).toThrow('no check can read it');
  });
});

describe('the check of a regular expression', () => {
  it.each(['(a+)+$', '\\s+$', '^(.*a){12}$', '^(?:a|aa)+$', '\\d{10}#(\\S{1,257})$', '(?=a)(a+)+$'])(
    'refuses /%s/, whose time grows faster than the text',
    (source) => {
      expect(isLinear({ source, flags: '' })).toBe(false);
    },
  );

  it('refuses an expression that recheck cannot read', () => {
    expect(isLinear({ source: '[\\p{L}--[a-z]]', flags: 'v' })).toBe(false);
  });
});
