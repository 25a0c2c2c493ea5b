import * as z from 'zod';
import { MEDIA_KINDS, type MediaKind } from './media-kind.ts';

const KILOBYTE = 1_024;
const MEGABYTE = 1_024 * KILOBYTE;

interface Limits {
  /** The MIME types that WhatsApp sends as this kind. @default - any */
  readonly mimeTypes?: readonly string[];
  readonly maxBytes: number;
}

/** What WhatsApp sends as each kind of media (developers.facebook.com, "Media", supported media types). */
const KINDS: Readonly<Record<MediaKind, Limits>> = {
  image: { mimeTypes: ['image/jpeg', 'image/png'], maxBytes: 5 * MEGABYTE },
  video: { mimeTypes: ['video/mp4', 'video/3gpp'], maxBytes: 16 * MEGABYTE },
  audio: {
    mimeTypes: ['audio/aac', 'audio/mp4', 'audio/mpeg', 'audio/amr', 'audio/ogg'],
    maxBytes: 16 * MEGABYTE,
  },
  voice: { mimeTypes: ['audio/ogg'], maxBytes: 16 * MEGABYTE },
  document: { maxBytes: 100 * MEGABYTE },
  sticker: { mimeTypes: ['image/webp'], maxBytes: 100 * KILOBYTE },
  animated_sticker: { mimeTypes: ['image/webp'], maxBytes: 500 * KILOBYTE },
};

/** What the URL of a file ends with, for a provider that reads the type there. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/webp': '.webp',
  'video/mp4': '.mp4',
  'video/3gpp': '.3gp',
  'audio/aac': '.aac',
  'audio/mp4': '.m4a',
  'audio/mpeg': '.mp3',
  'audio/amr': '.amr',
  'audio/ogg': '.ogg',
  'application/pdf': '.pdf',
};

export const extensionOf = (mimeType: string): string => EXTENSIONS[mimeType] ?? '';

/** The largest file of any kind. */
export const MAX_FILE_BYTES = 100 * MEGABYTE;

export interface FileFacts {
  readonly mimeType: string;
  readonly size: number;
}

export interface MediaFault {
  readonly field: keyof FileFacts;
  readonly message: string;
}

/** Without its parameters, such as `codecs=opus`. */
const bareType = (mimeType: string): string => mimeType.toLowerCase().split(';', 1)[0]?.trim() ?? '';

/** Why a file cannot be sent as that kind; `undefined` where it can. */
export const mediaFault = (kind: MediaKind, { mimeType, size }: FileFacts): MediaFault | undefined => {
  const { mimeTypes, maxBytes } = KINDS[kind];
  if (mimeTypes !== undefined && !mimeTypes.includes(bareType(mimeType)))
    return {
      field: 'mimeType',
      message: `is a type that WhatsApp does not send as ${kind}: give one of ${mimeTypes.join(', ')}`,
    };
  if (size > maxBytes)
    return { field: 'size', message: `is more than ${maxBytes} bytes, the most that WhatsApp sends as ${kind}` };
  return undefined;
};

const MimeType = z
  .string()
  .max(127)
  .regex(
    /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/,
    'must be a MIME type in lower case, such as image/jpeg',
  );

/** The body of a request for an upload. */
export const UploadRequest = z
  .strictObject({
    type: z.enum(MEDIA_KINDS).meta({ description: 'What the file will be sent as' }),
    mimeType: MimeType,
    size: z.int().positive().meta({ description: 'Bytes of the file' }),
  })
  .superRefine(({ type, ...facts }, context) => {
    const fault = mediaFault(type, facts);
    if (fault !== undefined) context.addIssue({ code: 'custom', path: [fault.field], message: fault.message });
  })
  .meta({ id: 'UploadRequest' });
