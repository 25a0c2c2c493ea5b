import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MAX_FILE_BYTES } from '../../../functions/shared/domain/media-file.ts';
import { CUSTOMER } from '../../support/arrivals.ts';
import { expectDocumented } from '../../support/documented.ts';
import { anEvent } from '../../support/events.ts';
import { aMediaSetting, NAME, opened } from '../../support/media.ts';

const ROUTE = 'GET /v1/channels/{channel}/customers/{customer}/messages/{id}/media';
const IMAGE = { type: 'image', mediaId: '77', mimeType: 'image/jpeg', filename: undefined };
const PDF = { ...IMAGE, type: 'document', mimeType: 'application/pdf', filename: 'bill.pdf' };
const hashOf = (text: string) => createHash('sha256').update(text);
const COPY = JSON.stringify({ task: 'copy', ...NAME });

const show = async (
  { onRequest }: ReturnType<typeof aMediaSetting>,
  { query = {}, ...path }: { query?: Record<string, string>; channel?: string; customer?: string; id?: string } = {},
) => {
  const response = await onRequest(
    anEvent(ROUTE, { path: { channel: 'support', customer: CUSTOMER, id: 'wamid.1', ...path }, query }),
  );
  const body = response.body ? JSON.parse(response.body) : undefined;
  const answer = { status: response.statusCode, headers: response.headers ?? {}, text: response.body ?? '', body };
  expectDocumented(ROUTE, answer);
  return answer;
};

describe('the file of a message', () => {
  it('is copied by the first call and shown as a link for five minutes', async () => {
    const setting = aMediaSetting({ file: PDF, open: async () => opened('bytes') });

    const { status, body } = await show(setting);

    expect(status).toBe(200);
    expect(body).toEqual({
      url: "https://bucket.example/30/support/key-0?300&attachment; filename*=UTF-8''bill.pdf",
      expiresAt: '2026-11-20T12:05:00.000Z',
      name: 'bill.pdf',
      mimeType: 'application/pdf',
      size: 5,
      sha256: hashOf('bytes').digest('hex'),
    });
    expect(setting.bucket.files.get('30/support/key-0')?.bytes.toString()).toBe('bytes');
  });

  it('is found by an id whose slash is encoded twice, since API Gateway decodes a path before it matches it', async () => {
    const setting = aMediaSetting({ file: PDF, id: 'wamid.a/b=', open: async () => opened('bytes') });

    for (const id of ['wamid.a%2Fb=', 'wamid.a%2fb=', 'wamid.a/b='])
      expect((await show(setting, { id })).status).toBe(200);
  });

  it('is fetched from the provider once', async () => {
    let calls = 0;
    const setting = aMediaSetting({
      file: IMAGE,
      open: async () => {
        calls += 1;
        return opened('bytes');
      },
    });

    await show(setting);
    await show(setting);

    expect(calls).toBe(1);
  });

  it.each([
    ['taken', 'bytes', 200],
    ['corrupt', 'other', 410],
  ])(
    'that the provider writes to the bucket itself is copied from there, and what it wrote is removed: %s',
    async (_, text, status) => {
      const setting = aMediaSetting({
        file: IMAGE,
        open: async (__, drop) => {
          const key = /key-\d+/.exec(await drop.link())?.[0] ?? '';
          const facts = { size: text.length, mimeType: 'image/jpeg', version: '1' };
          setting.bucket.files.set(`30/support/${key}`, { facts, bytes: Buffer.from(text) });
          return { kind: 'opened', body: await drop.open(), sha256: [hashOf('bytes').digest('hex')] };
        },
      });

      expect((await show(setting)).status).toBe(status);

      expect([...setting.bucket.files.values()].map(({ bytes }) => bytes.toString())).toEqual(
        status === 200 ? ['bytes'] : [],
      );
    },
  );

  it('is answered with a redirect on request', async () => {
    const setting = aMediaSetting({ file: IMAGE, open: async () => opened('bytes') });

    const { status, headers } = await show(setting, { query: { redirect: 'true' } });

    expect(status).toBe(302);
    expect(headers['location']).toBe('https://bucket.example/30/support/key-0?300&inline');
  });

  it('is pending after 5 seconds, is asked for once in a quarter of an hour, and shown when it is there', async () => {
    const setting = aMediaSetting({ file: IMAGE, open: async () => opened('bytes'), works: false });

    const first = await show(setting);
    const second = await show(setting);

    for (const { status, headers, body } of [first, second]) {
      expect(status).toBe(202);
      expect(headers['retry-after']).toBe('5');
      expect(body).toEqual({ status: 'copying' });
    }
    expect(setting.tasks).toEqual([COPY]);
    setting.pass(901);
    await show(setting);
    expect(setting.tasks).toHaveLength(2);
    await setting.run();
    expect((await show(setting)).status).toBe(200);
  });

  it.each([
    ['gone', async () => ({ kind: 'gone' }) as const],
    ['host_refused', async () => ({ kind: 'refused', host: 'evil.example' }) as const],
    ['too_large', async () => opened('bytes', { size: MAX_FILE_BYTES + 1 })],
    ['corrupt', async () => opened('bytes', { size: 4 })],
    ['corrupt', async () => opened('bytes', { sha256: [hashOf('other').digest('base64')] })],
  ])(
    'that is %s is unavailable, leaves nothing in the bucket, and is not asked for again at once',
    async (code, open) => {
      let calls = 0;
      const setting = aMediaSetting({
        file: IMAGE,
        open: async () => {
          calls += 1;
          return open();
        },
      });

      const first = await show(setting);
      const second = await show(setting);

      for (const { status, body } of [first, second]) {
        expect(status).toBe(410);
        expect(body.code).toBe('media_unavailable');
      }
      expect(calls).toBe(1);
      expect(setting.bucket.files.size).toBe(0);
      expect(setting.log.lines).toContainEqual({ code: 'media.not-copied', fields: { channel: 'support', code } });
      expect(setting.log.counts['FilesRefused']).toBe(1);
    },
  );

  it.each(['hex', 'base64'] as const)('may have its hash in %s', async (encoding) => {
    const sha256 = [hashOf('bytes').digest(encoding)];
    const setting = aMediaSetting({ file: IMAGE, open: async () => opened('bytes', { sha256, size: 5 }) });

    expect((await show(setting)).status).toBe(200);
  });

  it('is copied by a later attempt where the provider does not give it now', async () => {
    let attempts = 0;
    const setting = aMediaSetting({
      file: IMAGE,
      works: false,
      open: async () => {
        attempts += 1;
        return attempts === 1 ? { kind: 'unavailable', code: 'http_500' } : opened('bytes');
      },
    });

    expect(await setting.run([COPY])).toEqual(['task-0']);
    expect(setting.log.lines.at(-1)).toEqual({
      code: 'media.unavailable',
      fields: { channel: 'support', code: 'http_500' },
    });
    expect(await setting.run([COPY])).toEqual([]);
    expect(setting.bucket.files.size).toBe(1);
  });

  it('is copied under the same key by each attempt, so that a repetition replaces it', async () => {
    const setting = aMediaSetting({ file: IMAGE, works: false, open: async () => opened('bytes') });
    const { recordCopy } = setting.store;
    setting.store.recordCopy = async () => {
      throw new Error('the table does not answer');
    };

    expect(await setting.run([COPY])).toEqual(['task-0']);
    setting.store.recordCopy = recordCopy;
    expect(await setting.run([COPY])).toEqual([]);
    expect(setting.bucket.files.size).toBe(1);
  });

  it('leaves no copy where its message is removed meanwhile', async () => {
    const setting = aMediaSetting({
      file: IMAGE,
      works: false,
      open: async () => {
        setting.store.remove();
        return opened('bytes');
      },
    });

    expect(await setting.run([COPY])).toEqual([]);
    expect(setting.bucket.files.size).toBe(0);
  });
});

describe('a call for a file', () => {
  it.each([
    [{ channel: 'other' }, 404, 'unknown_channel'],
    [{ customer: 'no one' }, 400, 'invalid_request'],
    [{ query: { redirect: 'yes' } }, 400, 'invalid_request'],
    [{ id: 'wamid.2' }, 404, 'unknown_message'],
    [{}, 404, 'unknown_media'],
  ])('is refused for %j with %i %s', async (request, status, code) => {
    expect(await show(aMediaSetting(), request)).toMatchObject({ status, body: { code } });
  });
});

describe('the queue of the files', () => {
  it('removes files, also those that are gone', async () => {
    const setting = aMediaSetting({ file: IMAGE, open: async () => opened('bytes') });
    await show(setting);
    const removal = JSON.stringify({ task: 'remove', key: '30/support/key-0' });

    expect(await setting.run([removal, removal])).toEqual([]);
    expect(setting.bucket.files.size).toBe(0);
  });

  it('keeps what it cannot read, and what failed, for another attempt', async () => {
    const setting = aMediaSetting({ file: IMAGE, open: async () => Promise.reject(new Error('secrets')) });

    expect(await setting.run(['no JSON', COPY])).toEqual(['task-0', 'task-1']);
    expect(setting.log.lines.map(({ code }) => code).sort()).toEqual(['media.failed', 'media.unreadable']);
  });
});
