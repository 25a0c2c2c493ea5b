import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createConsole } from '../../../functions/console/console.ts';
import { toPageFile } from '../../../functions/console/page-file.ts';
import { anEvent } from '../../support/events.ts';

const CONFIG = {
  api: '/oauth',
  signIn: {
    authorizeUrl: 'https://sign-in.example.net/oauth2/authorize',
    tokenUrl: 'https://sign-in.example.net/oauth2/token',
    clientId: 'page',
    scope: 'carewindow/read',
  },
  fileOrigin: 'https://files.s3.eu-central-1.amazonaws.com',
  pollSeconds: 5,
  listSeconds: 30,
};
const PAGE = '<!doctype html><title>CareWindow</title>';
const FILES = {
  'index.html': toPageFile('index.html', PAGE, { withBrotli: true }),
  'assets/index-abcdefgh.js': toPageFile('assets/index-abcdefgh.js', 'export {};', { withBrotli: true }),
};

const serve = createConsole({ files: FILES, config: CONFIG });
const call = (method: string, path: string, headers: Record<string, string> = {}) => {
  const event = anEvent(`${method} ${path}`, { headers });
  const { requestContext } = event;
  return serve({ ...event, requestContext: { ...requestContext, http: { ...requestContext.http, method, path } } });
};
const DECODE = { br: brotliDecompressSync, gzip: gunzipSync, none: (bytes: Buffer) => bytes };

/** The coding of a compressed answer, and what a client reads from it. */
const read = ({ headers, body = '', isBase64Encoded }: Awaited<ReturnType<typeof serve>>) => {
  const coding = headers?.['content-encoding'] ?? 'none';
  if (coding !== 'br' && coding !== 'gzip' && coding !== 'none') throw new Error(`an unknown coding: ${coding}`);
  const bytes = Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8');
  return [coding, DECODE[coding](bytes).toString('utf8')];
};

describe('the console', () => {
  it('serves the page at /, compressed, asked for anew each time', async () => {
    const answer = await call('GET', '/', { 'accept-encoding': 'gzip, deflate, br, zstd' });

    expect(answer).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache', vary: 'accept-encoding' },
    });
    expect(read(answer)).toEqual(['br', PAGE]);
    const { etag } = answer.headers ?? {};
    expect(await call('GET', '/', { 'if-none-match': String(etag) })).toMatchObject({ statusCode: 304, body: '' });
  });

  it.each([
    ['gzip, deflate', 'gzip'],
    ['gzip;q=1.0, br;q=0', 'gzip'],
    ['*', 'br'],
    ['BR;q=0.1', 'br'],
    ['br;q=0.000, *;q=0', 'none'],
    ['deflate', 'none'],
    [undefined, 'none'],
  ])('answers a client that accepts %s in the coding %s', async (accepted, coding) => {
    const answer = await call('GET', '/', accepted === undefined ? {} : { 'accept-encoding': accepted });

    expect(read(answer)).toEqual([coding, PAGE]);
  });

  it('answers gzip where the page was built without Brotli', async () => {
    const files = { 'index.html': toPageFile('index.html', PAGE, { withBrotli: false }) };
    const event = anEvent('GET /', { headers: { 'accept-encoding': 'br, gzip' } });

    expect(read(await createConsole({ files, config: CONFIG })(event))).toEqual(['gzip', PAGE]);
  });

  it('serves an asset for a year, since its name has the hash of its content', async () => {
    expect(await call('GET', '/console/assets/index-abcdefgh.js')).toMatchObject({
      statusCode: 200,
      headers: { 'cache-control': 'public, max-age=31536000, immutable' },
    });
  });

  it('allows the page its own files, the sign-in, the API and the bucket, and nothing else', async () => {
    const { headers } = await call('GET', '/');

    const policy = String(headers?.['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain(
      "connect-src 'self' https://sign-in.example.net https://files.s3.eu-central-1.amazonaws.com",
    );
    expect(policy).toContain("img-src 'self' data: blob: https://files.s3.eu-central-1.amazonaws.com");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
  });

  it('answers its configuration', async () => {
    const { statusCode, body } = await call('GET', '/console/config.json');

    expect(statusCode).toBe(200);
    expect(JSON.parse(body ?? '')).toEqual(CONFIG);
  });

  it('answers HEAD without a body, another method with 405 and an unknown file with 404, all under the same policy', async () => {
    expect(await call('HEAD', '/')).toMatchObject({ statusCode: 200, body: '' });
    const refused = await call('POST', '/');
    expect(refused).toMatchObject({ statusCode: 405, headers: { allow: 'GET, HEAD' } });
    expect(JSON.parse(refused.body ?? '')).toMatchObject({ code: 'method_not_allowed', requestId: 'request-1' });
    for (const path of ['/console/assets/../../etc/passwd', '/console/toString', '/console/']) {
      const unknown = await call('GET', path);
      expect(unknown).toMatchObject({ statusCode: 404, headers: { 'cache-control': 'no-cache' } });
      expect(JSON.parse(unknown.body ?? '')).toMatchObject({ code: 'unknown_route' });
      expect(unknown.headers).toHaveProperty('content-security-policy');
    }
    expect(refused.headers).toHaveProperty('content-security-policy');
  });

  it('has no file of a kind that it does not serve', () => {
    expect(() => toPageFile('assets/page.wasm', '', { withBrotli: false })).toThrow('assets/page.wasm');
  });
});
