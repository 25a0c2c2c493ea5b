import { gunzipSync } from 'node:zlib';
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
};
const PAGE = '<!doctype html><title>CareWindow</title>';
const FILES = new Map([
  ['index.html', toPageFile('index.html', PAGE)],
  ['assets/index-abcdefgh.js', toPageFile('assets/index-abcdefgh.js', 'export {};')],
]);

const serve = createConsole({ files: FILES, config: CONFIG });
const call = (method: string, path: string, headers: Record<string, string> = {}) => {
  const event = anEvent(`${method} ${path}`, { headers });
  const { requestContext } = event;
  return serve({ ...event, requestContext: { ...requestContext, http: { ...requestContext.http, method, path } } });
};
const bodyOf = ({ body = '' }: Awaited<ReturnType<typeof serve>>) =>
  gunzipSync(Buffer.from(body, 'base64')).toString('utf8');

describe('the console', () => {
  it('serves the page at /, compressed, asked for anew each time', async () => {
    const answer = await call('GET', '/');

    expect(answer).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'text/html; charset=utf-8', 'content-encoding': 'gzip', 'cache-control': 'no-cache' },
    });
    expect(bodyOf(answer)).toBe(PAGE);
    const { etag } = answer.headers ?? {};
    expect(await call('GET', '/', { 'if-none-match': String(etag) })).toMatchObject({ statusCode: 304, body: '' });
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
    const unknown = await call('GET', '/console/assets/../../etc/passwd');
    expect(unknown.statusCode).toBe(404);
    for (const { headers } of [refused, unknown]) expect(headers).toHaveProperty('content-security-policy');
  });

  it('has no file of a kind that it does not serve', () => {
    expect(() => toPageFile('assets/page.wasm', '')).toThrow('assets/page.wasm');
  });
});
