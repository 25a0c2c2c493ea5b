import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { PAGE_ASSET } from '../../functions/console/env.ts';
import type { HttpEvent } from '../../functions/shared/http/handler.ts';
import { bundleFunction } from '../../infra/build/bundle.ts';
import { anEvent } from '../support/events.ts';

const MAX_BUNDLE_BYTES = 300_000;
const MAX_FIRST_LOAD_BYTES = 120_000;

const ENV = {
  STAGE: 'production',
  AUTHORIZE_URL: 'https://acme-care.auth.eu-west-1.amazoncognito.com/oauth2/authorize',
  TOKEN_URL: 'https://acme-care.auth.eu-west-1.amazoncognito.com/oauth2/token',
  LOGOUT_URL: 'https://acme-care.auth.eu-west-1.amazoncognito.com/logout',
  CLIENT_ID: 'page',
  SCOPE: 'carewindow/read',
  FILE_ORIGIN: 'https://files.s3.eu-west-1.amazonaws.com',
  POLL_SECONDS: '5',
  LIST_SECONDS: '30',
};

const Answer = z.object({
  statusCode: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  isBase64Encoded: z.boolean().optional(),
});
type Answer = z.infer<typeof Answer>;

const bytesOf = ({ body, isBase64Encoded }: Answer): Buffer =>
  Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8');

const eventOf = (path: string, accepted: string): HttpEvent => {
  const event = anEvent('GET /', { headers: { 'accept-encoding': accepted } });
  const { requestContext } = event;
  return { ...event, requestContext: { ...requestContext, http: { ...requestContext.http, path } } };
};

describe('the console as it is deployed', () => {
  const outDir = mkdtempSync(join(tmpdir(), 'carewindow-console-'));
  beforeAll(() => bundleFunction('console', outDir));
  afterAll(() => rmSync(outDir, { recursive: true }));

  const assets = () => Object.keys(JSON.parse(readFileSync(join(outDir, PAGE_ASSET), 'utf8')));

  /** Calls the bundle in a process that has nothing but its environment. */
  const get = async (paths: readonly string[], accepted: string): Promise<readonly Answer[]> => {
    const events = paths.map((path) => eventOf(path, accepted));
    const program = `const { handler } = await import(${JSON.stringify(pathToFileURL(join(outDir, 'index.mjs')))});
      console.log(JSON.stringify(await Promise.all(${JSON.stringify(events)}.map(handler))));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
      env: { ...ENV, PAGE_FILE: join(outDir, PAGE_ASSET) },
      maxBuffer: 10_000_000,
    });
    return z.array(Answer).parse(JSON.parse(stdout));
  };

  it('is a small bundle without an AWS client, with the page beside it', () => {
    const code = readFileSync(join(outDir, 'index.mjs'), 'utf8');

    expect(readdirSync(outDir).sort()).toEqual(['index.mjs', 'index.mjs.map', PAGE_ASSET]);
    expect(Buffer.byteLength(code)).toBeLessThanOrEqual(MAX_BUNDLE_BYTES);
    expect(code).not.toContain('AWS_SESSION_TOKEN');
  });

  it.each(['gzip', 'br'])('sends at most 120 kB in %s before the page shows something', async (coding) => {
    const decode = coding === 'br' ? brotliDecompressSync : gunzipSync;
    const [document] = await get(['/'], coding);
    const html = decode(bytesOf(Answer.parse(document))).toString('utf8');
    const named = Array.from(html.matchAll(/(?:src|href)="(\/console\/[^"]+)"/g), ([, path]) => path ?? '');

    const answers = await get(['/', '/console/config.json', ...named], coding);

    expect(named.length).toBeGreaterThan(1);
    for (const { statusCode } of answers) expect(statusCode).toBe(200);
    for (const { headers } of answers.slice(2))
      expect(headers).toMatchObject({
        'cache-control': 'public, max-age=31536000, immutable',
        'content-encoding': coding,
      });
    const sizes = answers.map((answer) => bytesOf(answer).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MAX_FIRST_LOAD_BYTES);
  });

  it('holds each file once, in both codings alike, by a name that changes with it', async () => {
    const paths = assets().map((name) => (name === 'index.html' ? '/' : `/console/${name}`));
    const contents = await Promise.all(
      ['br', 'gzip', 'identity'].map(async (coding) =>
        (await get(paths, coding)).map((answer) => {
          const decode = { br: brotliDecompressSync, gzip: gunzipSync }[answer.headers['content-encoding'] ?? ''];
          return createHash('sha256')
            .update(decode === undefined ? bytesOf(answer) : decode(bytesOf(answer)))
            .digest('hex');
        }),
      ),
    );

    expect(contents[1]).toEqual(contents[0]);
    expect(contents[2]).toEqual(contents[0]);
    expect(paths.length).toBeGreaterThan(2);
  });

  it('contains nothing of the local run', () => {
    expect(assets().join('\n')).not.toMatch(/local|phone/);
  });

  it('names the API, the sign-in and the bucket to the page and to its browser, and no one else', async () => {
    const [document, config] = await get(['/', '/console/config.json'], 'br');

    expect(document?.headers['content-security-policy']).toContain(
      "connect-src 'self' https://acme-care.auth.eu-west-1.amazoncognito.com https://files.s3.eu-west-1.amazonaws.com;",
    );
    expect(JSON.parse(config?.body ?? '')).toEqual({
      api: '/oauth',
      signIn: {
        authorizeUrl: ENV.AUTHORIZE_URL,
        tokenUrl: ENV.TOKEN_URL,
        logoutUrl: ENV.LOGOUT_URL,
        clientId: 'page',
        scope: 'carewindow/read',
      },
      fileOrigin: ENV.FILE_ORIGIN,
      pollSeconds: 5,
      listSeconds: 30,
    });
  });
});
