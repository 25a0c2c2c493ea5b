import { describe, expect, it } from 'vitest';
import { mediaFault, UploadRequest } from '../../../functions/shared/domain/media-file.ts';
import type { MediaKind } from '../../../functions/shared/domain/media-kind.ts';

const KB = 1_024;
const MB = 1_024 * KB;

const LIMITS: readonly (readonly [MediaKind, mimeType: string, maxBytes: number])[] = [
  ['image', 'image/jpeg', 5 * MB],
  ['image', 'image/png', 5 * MB],
  ['video', 'video/mp4', 16 * MB],
  ['video', 'video/3gpp', 16 * MB],
  ['audio', 'audio/mpeg', 16 * MB],
  ['voice', 'audio/ogg', 16 * MB],
  ['document', 'application/pdf', 100 * MB],
  ['document', 'image/svg+xml', 100 * MB],
  ['sticker', 'image/webp', 100 * KB],
  ['animated_sticker', 'image/webp', 500 * KB],
];

describe('a file to send', () => {
  it.each(LIMITS)('is accepted as %s of type %s up to %i bytes, and not one byte more', (kind, mimeType, maxBytes) => {
    expect(mediaFault(kind, { mimeType, size: maxBytes })).toBeUndefined();
    expect(mediaFault(kind, { mimeType, size: maxBytes + 1 })).toMatchObject({ field: 'size' });
  });

  it.each([
    ['image', 'image/gif'],
    ['image', 'image/webp'],
    ['video', 'video/quicktime'],
    ['audio', 'audio/wav'],
    ['voice', 'audio/mpeg'],
    ['sticker', 'image/png'],
  ] as const)('is refused as %s of type %s, with the types that WhatsApp sends', (kind, mimeType) => {
    expect(mediaFault(kind, { mimeType, size: 1 })).toMatchObject({
      field: 'mimeType',
      message: expect.stringContaining('give one of'),
    });
  });

  it('may have parameters in its type', () => {
    expect(mediaFault('voice', { mimeType: 'audio/ogg; codecs=opus', size: 1 })).toBeUndefined();
  });
});

describe('a request for an upload', () => {
  it('names the field that WhatsApp would refuse', () => {
    const parsed = UploadRequest.safeParse({ type: 'image', mimeType: 'image/gif', size: 10 });

    expect(parsed.error?.issues).toMatchObject([{ path: ['mimeType'] }]);
  });

  it.each(['Image/JPEG', 'image', 'image/jpeg; charset=x', ' image/jpeg'])('refuses the type "%s"', (mimeType) => {
    expect(UploadRequest.safeParse({ type: 'document', mimeType, size: 10 }).success).toBe(false);
  });

  it.each([0, -1, 1.5])('refuses a size of %d bytes', (size) => {
    expect(UploadRequest.safeParse({ type: 'document', mimeType: 'text/plain', size }).success).toBe(false);
  });
});
