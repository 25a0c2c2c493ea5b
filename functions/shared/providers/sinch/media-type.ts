export type MediaType = 'image' | 'video' | 'audio' | 'document' | 'sticker' | 'media';

/** The extensions of WhatsApp's media types and their relatives; `webp` is the format of stickers alone. */
const EXTENSIONS: readonly (readonly [MediaType, string])[] = [
  ['image', 'jpg jpeg png gif heic heif bmp tif tiff'],
  ['video', 'mp4 m4v 3gp 3gpp mov webm avi mkv'],
  ['audio', 'aac m4a amr mp3 mpga ogg oga opus wav'],
  ['document', 'pdf doc docx xls xlsx ppt pptx txt csv rtf odt ods odp zip xml json html ics vcf'],
  ['sticker', 'webp'],
];
const TYPE_OF = new Map(
  EXTENSIONS.flatMap(([type, extensions]) => extensions.split(' ').map((extension) => [extension, type] as const)),
);

const MIME_TYPE = /^\s*(image|video|audio|application|text)\/([^\s;]+)/i;

const ofMimeType = (mimeType: string): MediaType | undefined => {
  const [, kind = '', subtype = ''] = MIME_TYPE.exec(mimeType.toLowerCase()) ?? [];
  if (subtype === 'webp') return 'sticker';
  // Bytes of no stated type: only the name says more.
  if (kind === '' || subtype === 'octet-stream') return undefined;
  return kind === 'image' || kind === 'video' || kind === 'audio' ? kind : 'document';
};

const ofName = (name: string): MediaType | undefined => {
  const [, extension] = /\.([a-z0-9]{1,5})$/.exec(name.toLowerCase()) ?? [];
  return extension === undefined ? undefined : TYPE_OF.get(extension);
};

const pathOf = (url: string): string => (URL.canParse(url) ? new URL(url).pathname : (url.split(/[?#]/, 1)[0] ?? ''));

export interface MediaFile {
  readonly url: string;
  readonly filename?: string | undefined;
  readonly mimeType?: string | undefined;
}

/** The content type of a file by its MIME type, its name or its URL, in this order; `media` where none of them tells. */
export const mediaType = ({ url, filename, mimeType }: MediaFile): MediaType =>
  ofMimeType(mimeType ?? '') ?? ofName(filename ?? '') ?? ofName(pathOf(url)) ?? 'media';
