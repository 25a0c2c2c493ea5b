const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Fully qualified, or as keyboards write it without a variation selector; newer emoji than Node knows are pictographs. */
const EMOJI =
  /^(?:\p{RGI_Emoji}|\p{Extended_Pictographic}(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0f)*)$/v;

/** Whether a text is exactly one emoji, as a customer sees it. */
export const isOneEmoji = (text: string): boolean => [...GRAPHEMES.segment(text)].length === 1 && EMOJI.test(text);
