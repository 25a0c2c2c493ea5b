/** The file types that WhatsApp sends as each type of media, by extension; a document may be any (Meta, "Media"). */
const SENDABLE: Readonly<Record<string, readonly string[]>> = {
  image: ['jpg', 'jpeg', 'png'],
  video: ['mp4', '3gp'],
  audio: ['aac', 'm4a', 'mp4', 'amr', 'mp3', 'ogg', 'opus'],
  sticker: ['webp'],
  voice: ['ogg', 'opus'],
};

/** Extensions that name a file type; any other, such as `.php`, says nothing about the file that its URL answers with. */
const FILE_TYPES: ReadonlySet<string> = new Set([
  ...Object.values(SENDABLE).flat(),
  ...'gif bmp svg tif tiff heic heif avif ico mov avi mkv webm wmv flv mpg mpeg wav flac wma aiff mid midi'.split(' '),
  ...'pdf doc docx xls xlsx ppt pptx odt ods txt csv rtf zip'.split(' '),
]);

/** Of the path alone: neither the host's nor the query's. */
const extensionOf = (url: string): string | undefined =>
  /^\w+:\/\/[^/?#]+\/[^?#]*\.([a-z0-9]{1,8})(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase();

const SHOWN_AS = ['image', 'video', 'audio', 'sticker'] as const;

/** As what a provider shows the file of a URL that reads the type there; `undefined` where it stays a document. */
export const shownAs = (url: string): (typeof SHOWN_AS)[number] | undefined => {
  const extension = extensionOf(url);
  return extension === undefined ? undefined : SHOWN_AS.find((type) => SENDABLE[type]?.includes(extension));
};

/** Why the file of a URL cannot be sent as that type of media; `undefined` where nothing speaks against it. */
export const mediaUrlFault = (type: string, url: string | undefined): string | undefined => {
  const sendable = SENDABLE[type];
  const extension = url === undefined ? undefined : extensionOf(url);
  if (sendable === undefined || extension === undefined) return undefined;
  if (!FILE_TYPES.has(extension) || sendable.includes(extension)) return undefined;
  return `is a .${extension} file, which WhatsApp does not send as ${type}: give one of ${sendable.join(', ')}`;
};
