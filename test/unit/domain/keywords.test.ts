import { describe, expect, it } from 'vitest';
import { keywordMeaning, normalizeKeyword } from '../../../functions/shared/domain/keywords.ts';
import { aMetaChannel } from '../../support/meta.ts';

const channel = aMetaChannel();
const OPTED_OUT = { scope: 'all', state: 'opted_out' };
const OPTED_IN = { scope: 'all', state: 'opted_in' };
const NO_MARKETING = { scope: 'marketing', state: 'opted_out' };

describe('the form in which keywords are compared', () => {
  it.each([
    ['case', 'stop', 'STOP'],
    ['ß', 'große', 'GROSSE'],
    ['the final sigma', 'ΤΕΛΟΣ', 'τέλος'.normalize('NFD').replace(/\u0301/g, '')],
    ['the dotted i of Turkish', 'İPTAL', 'iptal'],
    ['the dotless i of Turkish', 'ıptal', 'IPTAL'],
    ['composed and decomposed letters', 'ABMELDEN Ü', 'abmelden u\u0308'],
    ['full-width letters', 'ＳＴＯＰ', 'STOP'],
    ['a no-break space', 'OPT\u00a0OUT', 'opt out'],
    ['several spaces', 'opt \t\n out', 'opt out'],
    ['invisible marks at the end', 'stop\u200e\u200b\ufeff', 'stop'],
    ['invisible marks inside', 's\u200bt\u00ado\u2060p', 'stop'],
    ['a variation selector', 'STOP\ufe0f', 'STOP'],
    ['WhatsApp’s marks of formatting', '~*_STOP_*~', 'STOP'],
    ['quotation marks', '„Stop“', 'STOP'],
    ['an ellipsis', 'Stop…', 'STOP'],
    ['punctuation between spaces', ' ! stop . ', 'STOP'],
    ['control characters', '\u0000stop\u0007', 'STOP'],
  ])('does not depend on %s', (_, one, other) => {
    expect(normalizeKeyword(one)).toBe(normalizeKeyword(other));
    expect(normalizeKeyword(one)).not.toBe('');
  });

  it('keeps what stands inside, and an emoji', () => {
    expect(normalizeKeyword('opt-out')).toBe('OPT-OUT');
    expect(normalizeKeyword('🛑!')).toBe('🛑');
  });

  it.each(['', ' ', '!?', '\u200e', '...\u200b', '***'])('is empty for %j', (text) => {
    expect(normalizeKeyword(text)).toBe('');
  });

  it('is found in a time that grows with the length of the text alone', () => {
    expect(normalizeKeyword(`a${'. '.repeat(500_000)}`)).toBe('A');
  });
});

describe('the default keywords', () => {
  it.each(['Stop.', 'STOP!', 'stop\u200e', 'ＳＴＯＰ', 'STOPALL', 'opt out', 'OptOut', 'REVOKE', ' Unsubscribe\n'])(
    'stop-words: %j opts out',
    (text) => {
      expect(keywordMeaning(text, channel)).toEqual(OPTED_OUT);
    },
  );

  it.each(['START', ' start! ', 'Unstop', 'subscribe', 'Opt in', '\ufeffStart'])('%j opts in', (text) => {
    expect(keywordMeaning(text, channel)).toEqual(OPTED_IN);
  });

  it.each(['Stop promotions', 'stop PROMOTIONS.', 'Stop\u00a0promotions\u200e'])('%j stops marketing alone', (text) => {
    expect(keywordMeaning(text, channel)).toEqual(NO_MARKETING);
  });

  it.each(['Cancel', 'END', 'quit'])('plain-cancel: %j is none', (text) => {
    expect(keywordMeaning(text, channel)).toBeUndefined();
    expect(keywordMeaning(text, aMetaChannel({ optOutKeywords: { add: ['cancel', 'end', 'quit'] } }))).toEqual(
      OPTED_OUT,
    );
  });

  it.each([
    'Stop. Thank you for everything',
    '',
    ' ',
    '!',
    'please stop',
    'STOP STOP',
    'stopp',
    'not a keyword',
    'ST OP',
    'no promotions',
  ])('stop-words: %j is none', (text) => {
    expect(keywordMeaning(text, channel)).toBeUndefined();
  });
});

describe('the keywords of a channel', () => {
  it('replace the defaults', () => {
    const german = aMetaChannel({
      optOutKeywords: ['Stopp', 'Abmelden'],
      marketingOptOutKeywords: ['Keine Werbung'],
      optInKeywords: ['Übernehmen'],
    });

    expect(keywordMeaning('ABMELDEN!', german)).toEqual(OPTED_OUT);
    expect(keywordMeaning('keine werbung', german)).toEqual(NO_MARKETING);
    expect(keywordMeaning('übernehmen', german)).toEqual(OPTED_IN);
    for (const word of ['STOP', 'START', 'Stop promotions']) expect(keywordMeaning(word, german)).toBeUndefined();
  });

  it('or add to them', () => {
    const spanish = aMetaChannel({
      optOutKeywords: { add: ['BAJA'] },
      marketingOptOutKeywords: { add: ['Sin promociones'] },
      optInKeywords: { add: ['ALTA'] },
    });

    for (const word of ['Baja.', 'STOP']) expect(keywordMeaning(word, spanish)).toEqual(OPTED_OUT);
    for (const word of ['sin promociones', 'Stop promotions'])
      expect(keywordMeaning(word, spanish)).toEqual(NO_MARKETING);
    for (const word of ['alta', 'START']) expect(keywordMeaning(word, spanish)).toEqual(OPTED_IN);
  });

  it('opt out where a word would be in several lists', () => {
    const lists = { optOutKeywords: ['OK'], marketingOptOutKeywords: ['OK', 'Yes'], optInKeywords: ['ok', 'yes'] };

    expect(keywordMeaning('ok', lists)).toEqual(OPTED_OUT);
    expect(keywordMeaning('yes', lists)).toEqual(NO_MARKETING);
  });
});
