import { describe, expect, it } from 'vitest';
import { unzip } from '../../rehearsal/deployment/zip.ts';

/** Made by Python's `zipfile`: a deflated file and a stored one. */
const ARCHIVE = Buffer.from(
  'UEsDBBQAAAAIAAAAIQDO1OYOHwAAAE4AAAAJAAAAaW5kZXgubWpzS60oyC8qUUjOzysuUchIzEvJSS1SsFUwtOZKJUMGAFBLAwQUAAAAAAAAACEAQ7+mowIAAAACAAAAEAAAAHBhZ2UvY29uZmlnLmpzb257fVBLAQIUAxQAAAAIAAAAIQDO1OYOHwAAAE4AAAAJAAAAAAAAAAAAAACAAQAAAABpbmRleC5tanNQSwECFAMUAAAAAAAAACEAQ7+mowIAAAACAAAAEAAAAAAAAAAAAAAAgAFGAAAAcGFnZS9jb25maWcuanNvblBLBQYAAAAAAgACAHUAAAB2AAAAAAA=',
  'base64',
);

describe('a zip archive', () => {
  it('has its files by their paths', () => {
    const files = [...unzip(ARCHIVE)].map(([path, bytes]) => [path, bytes.toString('utf8')]);

    expect(files).toEqual([
      ['index.mjs', 'export const handler = 1;\n'.repeat(3)],
      ['page/config.json', '{}'],
    ]);
  });

  it('is refused when it is something else', () => {
    expect(() => unzip(Buffer.from('{}'))).toThrow('this is no zip archive');
  });
});
