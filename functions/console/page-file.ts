import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import * as z from 'zod';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** A file of the built page as it is answered: compressed beforehand, since an HTTP API does not compress. */
export const PageFile = z.strictObject({
  type: z.string(),
  /** The same for every coding, and therefore weak. */
  etag: z.string(),
  /** The content by its coding, in base64, as a function answers bytes. */
  bodies: z.strictObject({ br: z.base64().optional(), gzip: z.base64() }),
});
export type PageFile = z.infer<typeof PageFile>;

/**
 * Prepares a file of the built page; Brotli takes a second, which a page that is built when it is opened leaves out.
 *
 * @throws an Error for a kind of file that the page has never had.
 */
export const toPageFile = (
  path: string,
  content: Uint8Array | string,
  { withBrotli }: { readonly withBrotli: boolean },
): PageFile => {
  const type = TYPES[extname(path)];
  if (type === undefined) throw new Error(`${path} is of a kind that the console does not serve`);
  return {
    type,
    etag: `W/"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`,
    bodies: {
      ...(withBrotli ? { br: brotliCompressSync(content).toString('base64') } : {}),
      gzip: gzipSync(content, { level: 9 }).toString('base64'),
    },
  };
};

/** The built page: `index.html`, `assets/….js`. */
export const PageFiles = z.record(z.string(), PageFile);
export type PageFiles = z.infer<typeof PageFiles>;
