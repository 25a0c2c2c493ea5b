import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Consent, supersedes, UNKNOWN_CONSENT } from '../../functions/shared/domain/consent.ts';
import { DEFAULT_KEYWORDS, keywordMeaning, normalizeKeyword } from '../../functions/shared/domain/keywords.ts';
import { aMetaChannel } from '../support/meta.ts';

const anyChange = fc.record({
  state: fc.constantFrom('opted_in' as const, 'opted_out' as const),
  effectiveAt: fc.integer({ min: 1, max: 5 }),
});

const endOf = (changes: readonly { state: 'opted_in' | 'opted_out'; effectiveAt: number }[]): Consent =>
  changes.reduce<Consent>((stored, change) => (supersedes(change, stored) ? change : stored), UNKNOWN_CONSENT);

describe('the consent', () => {
  it('is the newest change, the strictest of its second, in any order and however often each is told', () => {
    const told = fc
      .array(anyChange, { minLength: 1, maxLength: 8 })
      .chain((changes) =>
        fc.tuple(
          fc.constant(changes),
          fc.shuffledSubarray([...changes, ...changes], { minLength: 2 * changes.length }),
        ),
      );

    fc.assert(
      fc.property(told, ([changes, shuffled]) => {
        const newest = Math.max(...changes.map(({ effectiveAt }) => effectiveAt));
        const isStopped = changes.some(({ state, effectiveAt }) => effectiveAt === newest && state === 'opted_out');

        expect(endOf(shuffled)).toEqual({ state: isStopped ? 'opted_out' : 'opted_in', effectiveAt: newest });
      }),
    );
  });
});

describe('keywords', () => {
  const channel = aMetaChannel();
  const padding = fc.string({
    unit: fc.constantFrom(' ', '\t', '\n', '\u00a0', '.', '!', '*', '\u200e', '\ufeff'),
    maxLength: 3,
  });

  it('are found in any case, with white space, punctuation and invisible marks around them and nothing else', () => {
    const word = fc.constantFrom(...DEFAULT_KEYWORDS.optOutKeywords);
    const flips = fc.array(fc.boolean(), { minLength: 20, maxLength: 20 });

    fc.assert(
      fc.property(padding, word, padding, flips, fc.string({ minLength: 1 }), (before, keyword, after, lower, rest) => {
        const cased = Array.from(keyword, (char, index) => (lower[index] ? char.toLowerCase() : char)).join('');

        expect(keywordMeaning(`${before}${cased}${after}`, channel)).toEqual({ scope: 'all', state: 'opted_out' });
        fc.pre(normalizeKeyword(rest) !== '');
        expect(keywordMeaning(`${cased} ${rest}`, channel)?.scope).not.toBe('all');
      }),
    );
  });
});
