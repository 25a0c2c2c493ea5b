import * as z from 'zod';
import type { ConsentScope, RecordedConsentState } from './consent.ts';

/** Characters without a glyph: direction marks, zero-width spaces and joiners, byte order marks, variation selectors. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;

/** From the first to the last character that is no white space, punctuation or control; linear in the text's length. */
const CORE = /[^\s\p{P}\p{Sm}\p{Sc}\p{Sk}\p{Cc}](?:.*[^\s\p{P}\p{Sm}\p{Sc}\p{Sk}\p{Cc}])?/su;

/**
 * The form in which keywords are compared (R9): without case, compatibility forms such as full-width letters, invisible
 * marks, and the white space and punctuation around it. Upper case after lower case makes ß and ss, and the sigmas, equal;
 * the dotted and the dotless i of Turkish are one letter.
 */
export const normalizeKeyword = (text: string): string => {
  const folded = text.replace(INVISIBLE, '').normalize('NFKC').toLowerCase().toUpperCase().replaceAll('I\u0307', 'I');
  return (CORE.exec(folded.normalize('NFKC'))?.[0] ?? '').replace(/\s+/gu, ' ');
};

/** The keywords of a channel that does not replace them; `Stop promotions` is WhatsApp's own button of marketing templates. */
export const DEFAULT_KEYWORDS = {
  optOutKeywords: ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'OPT OUT', 'OPTOUT', 'REVOKE'],
  marketingOptOutKeywords: ['Stop promotions'],
  optInKeywords: ['START', 'UNSTOP', 'SUBSCRIBE', 'OPT IN'],
} as const satisfies Record<string, readonly string[]>;

type ListName = keyof typeof DEFAULT_KEYWORDS;

/** What a keyword of each list changes; in this order, should a word be in several. */
const MEANINGS = {
  optOutKeywords: { scope: 'all', state: 'opted_out' },
  marketingOptOutKeywords: { scope: 'marketing', state: 'opted_out' },
  optInKeywords: { scope: 'all', state: 'opted_in' },
} as const satisfies Record<ListName, KeywordMeaning>;

const LIST_NAMES = ['optOutKeywords', 'marketingOptOutKeywords', 'optInKeywords'] as const satisfies ListName[];

const Keyword = z
  .string()
  .trim()
  .refine(
    (word) => normalizeKeyword(word) !== '',
    'must be a word that the customer would write, not punctuation alone',
  );

/** The keywords of a channel: a list replaces the defaults, `add` keeps them. */
export const KeywordList = z.union([z.array(Keyword), z.strictObject({ add: z.array(Keyword) })], {
  error: 'must be a list of words, which replaces the defaults, or {"add": [words]}, which keeps them',
});
export type KeywordList = readonly string[] | { readonly add: readonly string[] };

/** The keywords of a channel. */
export type ConsentKeywords = Readonly<Record<ListName, KeywordList>>;

/** What a keyword changes: the consent to everything, or to marketing alone. */
export interface KeywordMeaning {
  readonly scope: ConsentScope;
  readonly state: RecordedConsentState;
}

const wordsOf = (list: KeywordList, name: ListName): readonly string[] =>
  'add' in list ? [...DEFAULT_KEYWORDS[name], ...list.add] : list;

/** The meaning of each word of a channel's lists, in the form in which keywords are compared. */
const toMeanings = (keywords: ConsentKeywords): ReadonlyMap<string, KeywordMeaning> =>
  new Map(
    LIST_NAMES.toReversed().flatMap((list) =>
      wordsOf(keywords[list], list).map((word) => [normalizeKeyword(word), MEANINGS[list]]),
    ),
  );

/** Of each channel, since its words are the same for every message. */
const meanings = new WeakMap<ConsentKeywords, ReadonlyMap<string, KeywordMeaning>>();

const meaningsOf = (keywords: ConsentKeywords): ReadonlyMap<string, KeywordMeaning> => {
  const known = meanings.get(keywords) ?? toMeanings(keywords);
  meanings.set(keywords, known);
  return known;
};

/** The change that a text asks for when the whole of it is a keyword, compared by {@link normalizeKeyword}. */
export const keywordMeaning = (text: string, keywords: ConsentKeywords): KeywordMeaning | undefined =>
  meaningsOf(keywords).get(normalizeKeyword(text));

interface ConfiguredWord {
  readonly word: string;
  readonly list: ListName;
  readonly path: readonly (string | number)[];
  readonly isDefault: boolean;
}

const configuredWords = (keywords: ConsentKeywords): readonly ConfiguredWord[] =>
  LIST_NAMES.flatMap((list) => {
    const words = keywords[list];
    const defaults: readonly string[] = DEFAULT_KEYWORDS[list];
    const toWord = (path: readonly string[]) => (word: string, index: number) => ({
      word,
      list,
      path: [...path, index],
      isDefault: defaults.includes(word),
    });
    if (!('add' in words)) return words.map(toWord([list]));
    return [...defaults.map(toWord([list])), ...words.add.map(toWord([list, 'add']))];
  });

/** Calls back for each word that two lists of a channel share, with the path of the one that the configuration gives. */
export const eachSharedKeyword = (
  keywords: ConsentKeywords,
  found: (path: readonly (string | number)[], message: string) => void,
): void => {
  const first = new Map<string, ConfiguredWord>();
  for (const word of configuredWords(keywords)) {
    const normalized = normalizeKeyword(word.word);
    const earlier = first.get(normalized) ?? word;
    first.set(normalized, earlier);
    if (earlier.list === word.list) continue;
    const [wrong, other] = word.isDefault ? [earlier, word] : [word, earlier];
    const where = other.isDefault ? `the defaults of ${other.list}` : other.list;
    found(wrong.path, `"${wrong.word}" is in ${where} too: a word has one meaning`);
  }
};
