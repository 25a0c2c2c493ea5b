import * as z from 'zod';

/*
 * WhatsApp's limits, which every simulated provider enforces. They share no code with the service's own checks, so that a
 * gap there shows as a refusal here.
 */

/** A text that shows something, of at most that many characters. */
export const visible = (most: number) =>
  z
    .string()
    .refine((text) => /\S/u.test(text) && Array.from(text).length <= most, `must have 1 to ${most} visible characters`);

const differ = (values: readonly string[]): boolean => new Set(values).size === values.length;

/** Up to three reply buttons whose ids and titles differ. */
export const replyButtons = (buttons: readonly { readonly id: string; readonly title: string }[]) =>
  buttons.length >= 1 &&
  buttons.length <= 3 &&
  differ(buttons.map(({ id }) => id)) &&
  differ(buttons.map(({ title }) => title));

/** Up to ten rows in all whose ids differ. */
export const listRows = (ids: readonly string[]): boolean => ids.length >= 1 && ids.length <= 10 && differ(ids);

const GRAPHEMES = new Intl.Segmenter();

/** One emoji, or none to remove the reaction. */
export const isReaction = (text: string): boolean =>
  text === '' || (/\p{Emoji}/u.test(text) && !/^[\w\s]+$/.test(text) && [...GRAPHEMES.segment(text)].length === 1);

const UNSENDABLE: Readonly<Record<string, RegExp>> = {
  image: /\.(?:gif|webp|bmp|svg|tiff?|heic|pdf|mp4|mov|mp3)$/i,
  video: /\.(?:mov|avi|mkv|webm|wmv|gif|jpe?g|png|pdf)$/i,
  audio: /\.(?:wav|flac|wma|aiff|jpe?g|png|gif|pdf)$/i,
  voice: /\.(?!ogg$|opus$)[a-z0-9]+$/i,
  sticker: /\.(?:jpe?g|png|gif|bmp|svg|mp4|pdf)$/i,
};

/** Whether the file of a link may be sent as that type, as far as its name tells. */
export const isSendable = (type: string, link: string | undefined): boolean =>
  link === undefined || UNSENDABLE[type]?.test(new URL(link).pathname) !== true;

/** The files of which the name says that no type of message shows them, where a provider has no type to go by. */
const UNSHOWN = /\.(?:gif|bmp|svg|tiff?|heic|heif|avif|mov|avi|mkv|webm|wmv|flv|wav|flac|wma|aiff|midi?)$/i;

/** Whether WhatsApp shows the file of a link in a message of some type, as far as its name tells. */
export const isShown = (link: string): boolean => !UNSHOWN.test(new URL(link).pathname);

const MAX_MEGABYTES: Readonly<Record<string, number>> = { image: 5, video: 16, audio: 16 };

/** Why WhatsApp takes no file of that type and size; `undefined` for a file that goes. */
export const uploadFault = (mimeType: string, bytes: number): string | undefined => {
  const [kind = '', subtype = ''] = mimeType.split('/');
  if (subtype === '') return 'Param file must be a file with one of the supported types';
  const megabytes = subtype === 'webp' ? 0.5 : (MAX_MEGABYTES[kind] ?? 100);
  return bytes > megabytes * 1024 * 1024 ? `Media file is larger than ${megabytes} MB` : undefined;
};

/** What WhatsApp refuses in the text of a template parameter; `undefined` for a text that goes. */
export const templateTextFault = (text: string): string | undefined =>
  /[\n\r\t]| {5}/.test(text) || !/\S/.test(text)
    ? 'Param text cannot have new-line/tab characters or more than 4 consecutive spaces, nor be empty'
    : undefined;

/** The most characters of a template's body with its values. */
const MAX_FILLED_BODY = 1_024;

/** Whether the values make the text of a template's body longer than WhatsApp takes. */
export const isFilledBodyTooLong = (body: string, values: readonly string[]): boolean =>
  [body.replace(/\{\{\w+\}\}/g, ''), ...values].flatMap((text) => Array.from(text)).length > MAX_FILLED_BODY;
