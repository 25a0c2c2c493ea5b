/** Fully qualified, or as keyboards write it without a variation selector; newer emoji than Node knows are pictographs. */
const EMOJI =
  /^(?:\p{RGI_Emoji}|\p{Extended_Pictographic}(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0f)*)$/v;

/** A segmenter loads its data from ICU for some 10 ms: no import of this module waits for that. */
const countGraphemes = (text: string): number =>
  [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)].length;

/** Whether a text is exactly one emoji, as a customer sees it. */
export const isOneEmoji = (text: string): boolean => EMOJI.test(text) && countGraphemes(text) === 1;
