import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** A file of the built page as it is answered: compressed, since an HTTP API does not compress. */
export interface PageFile {
  readonly type: string;
  readonly gzip: Buffer;
  readonly etag: string;
}

/**
 * Prepares a file of the built page.
 *
 * @throws an Error for a kind of file that the page has never had.
 */
export const toPageFile = (path: string, content: Uint8Array | string): PageFile => {
  const type = TYPES[extname(path)];
  if (type === undefined) throw new Error(`${path} is of a kind that the console does not serve`);
  const gzip = gzipSync(content, { level: 9 });
  return { type, gzip, etag: `"${createHash('sha256').update(gzip).digest('base64url').slice(0, 22)}"` };
};
