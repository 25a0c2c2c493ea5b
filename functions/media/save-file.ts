import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { MAX_FILE_BYTES } from '../shared/domain/media-file.ts';
import type { OpenedMedia } from '../shared/providers/provider.ts';
import type { DiskFile } from '../shared/runtime/file-bucket.ts';

export type Saved = { readonly kind: 'saved'; readonly file: DiskFile } | { readonly kind: 'too_large' | 'corrupt' };

class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/** Meta writes the hash in base64 in webhooks and in hex in its API. */
const toHex = (hash: string): string =>
  /^[0-9a-f]{64}$/i.test(hash) ? hash.toLowerCase() : Buffer.from(hash, 'base64').toString('hex');

/** Passes a body on, with its bytes counted and hashed; throws beyond the largest file. */
const measured = () => {
  const hash = createHash('sha256');
  let size = 0;
  async function* pass(body: AsyncIterable<Uint8Array>) {
    for await (const chunk of body) {
      size += chunk.byteLength;
      if (size > MAX_FILE_BYTES) throw new TooLarge();
      hash.update(chunk);
      yield chunk;
    }
  }
  return { pass, facts: () => ({ size, sha256: hash.digest('hex') }) };
};

/** Writes a file to the disk as it arrives, so that no file is held in memory; checks its size and its hashes. */
export const saveFile = async ({ body, size: promised, ...opened }: OpenedMedia, path: string): Promise<Saved> => {
  if (promised !== undefined && promised > MAX_FILE_BYTES) return { kind: 'too_large' };
  const { pass, facts } = measured();
  try {
    await pipeline(body, pass, createWriteStream(path));
  } catch (error) {
    if (error instanceof TooLarge) return { kind: 'too_large' };
    throw error;
  }
  const { size, sha256 } = facts();
  const isWhole = promised === undefined || promised === size;
  if (!isWhole || opened.sha256.some((hash) => toHex(hash) !== sha256)) return { kind: 'corrupt' };
  return { kind: 'saved', file: { path, size, sha256, mimeType: opened.mimeType ?? 'application/octet-stream' } };
};
