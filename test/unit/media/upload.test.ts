import { describe, expect, it } from 'vitest';
import type { MediaKind } from '../../../functions/shared/domain/media-kind.ts';
import type { UploadedFile, UploadOutcome } from '../../../functions/shared/providers/provider.ts';
import { expectDocumented } from '../../support/documented.ts';
import { anEvent } from '../../support/events.ts';
import { aMediaSetting } from '../../support/media.ts';

const ROUTE = 'POST /v1/channels/{channel}/media';
const UPLOAD = `up_30_${'ab'.repeat(20)}.jpg`;
const KEY = `30/support/${'ab'.repeat(20)}.jpg`;
const JPEG = { size: 5, mimeType: 'image/jpeg', version: 'v1' };

const ask = async (body: object, channel = 'support') => {
  const { onRequest } = aMediaSetting();
  const response = await onRequest(anEvent(ROUTE, { path: { channel }, body: JSON.stringify(body) }));
  const answer = {
    status: response.statusCode,
    headers: response.headers ?? {},
    text: response.body ?? '',
    body: JSON.parse(response.body ?? ''),
  };
  expectDocumented(ROUTE, answer);
  return answer;
};

describe('a request for an upload', () => {
  it('is answered with a form for exactly that type and size, and the name of the file', async () => {
    expect(await ask({ type: 'image', mimeType: 'image/jpeg', size: 5 })).toMatchObject({
      status: 201,
      body: {
        upload: UPLOAD,
        url: 'https://bucket.example',
        fields: { key: KEY, 'Content-Type': 'image/jpeg', size: '5' },
        expiresAt: '2026-11-20T12:15:00.000Z',
      },
    });
  });

  it.each([
    [{ type: 'image', mimeType: 'image/gif', size: 5 }, 'mimeType'],
    [{ type: 'image', mimeType: 'image/jpeg', size: 5 * 1_024 * 1_024 + 1 }, 'size'],
    [{ type: 'sticker', mimeType: 'image/webp', size: 100 * 1_024 + 1 }, 'size'],
    [{ type: 'hologram', mimeType: 'image/jpeg', size: 5 }, 'type'],
  ])('for %j is refused with the field %s', async (body, path) => {
    expect(await ask(body)).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ path }] } });
  });

  it('for an unknown channel is refused', async () => {
    const body = { type: 'image', mimeType: 'image/jpeg', size: 5 };

    expect(await ask(body, 'other')).toMatchObject({ status: 404, body: { code: 'unknown_channel' } });
  });
});

const anUploader = (outcome: UploadOutcome = { kind: 'uploaded', mediaId: '77' }) => {
  const files: string[] = [];
  return {
    files,
    upload: async ({ open }: UploadedFile) => {
      const file = await open();
      files.push(`${file.name} ${file.type} ${await file.text()}`);
      return outcome;
    },
  };
};

const withFile = (facts: Partial<typeof JPEG> = {}, uploader?: ReturnType<typeof anUploader>) => {
  const setting = aMediaSetting(uploader === undefined ? {} : { uploader });
  setting.bucket.files.set(KEY, { facts: { ...JPEG, ...facts }, bytes: Buffer.from('bytes') });
  return setting;
};

const prepare = (setting: ReturnType<typeof aMediaSetting>, kind: MediaKind = 'image', upload = UPLOAD) =>
  setting.onPrepare({ channel: 'support', upload, kind });

describe('an uploaded file that is sent', () => {
  it('is uploaded to the provider once, with its type', async () => {
    const uploader = anUploader();
    const setting = withFile({}, uploader);

    expect(await prepare(setting)).toEqual({ kind: 'ready', mediaId: '77' });
    expect(await prepare(setting)).toEqual({ kind: 'ready', mediaId: '77' });
    expect(uploader.files).toEqual([`${'ab'.repeat(20)}.jpg image/jpeg bytes`]);
  });

  it('is uploaded again once the number has moved to another account', async () => {
    const uploader = anUploader();
    const setting = withFile({}, uploader);

    await prepare(setting);
    setting.move('another-account');
    await prepare(setting);

    expect(uploader.files).toHaveLength(2);
  });

  it('is uploaded again where another file was uploaded under its name', async () => {
    const uploader = anUploader();
    const setting = withFile({}, uploader);

    await prepare(setting);
    setting.bucket.files.set(KEY, { facts: { ...JPEG, version: 'v2' }, bytes: Buffer.from('other') });
    await prepare(setting);

    expect(uploader.files).toHaveLength(2);
  });

  it('becomes a lasting link where the provider takes one', async () => {
    expect(await prepare(withFile())).toEqual({ kind: 'ready', url: `https://bucket.example/${KEY}?lasting` });
  });

  it.each([
    [{ mimeType: 'image/gif' }, 'mimeType'],
    [{ size: 5 * 1_024 * 1_024 + 1 }, 'size'],
  ])('is looked at again: with %j it is not sent as a picture', async (facts, field) => {
    const uploader = anUploader();

    expect(await prepare(withFile(facts, uploader))).toMatchObject({
      kind: 'unfit',
      message: expect.stringContaining(field),
    });
    expect(uploader.files).toEqual([]);
  });

  it('may be sent as another kind that it fits', async () => {
    expect(await prepare(withFile(), 'document')).toMatchObject({ kind: 'ready' });
    expect(await prepare(withFile(), 'video')).toMatchObject({ kind: 'unfit' });
  });

  it.each([UPLOAD.replace('ab', 'cd'), 'up_30_x', '../30/support/x'])(
    'that is not there is refused: %s',
    async (upload) => {
      expect(await prepare(withFile(), 'image', upload)).toMatchObject({ kind: 'unfit' });
    },
  );

  it('that the provider refuses or does not take now says so', async () => {
    const error = { code: '131053', title: 'Refused', class: 'fix_request' } as const;

    expect(await prepare(withFile({}, anUploader({ kind: 'rejected', error })))).toEqual({
      kind: 'rejected',
      code: '131053',
      title: 'Refused',
      nextAction: 'fix_request',
    });
    expect(await prepare(withFile({}, anUploader({ kind: 'unavailable', error })))).toMatchObject({
      kind: 'unavailable',
    });
  });

  it('is tried again later where the bucket fails', async () => {
    const setting = withFile();
    Object.assign(setting.bucket, { find: async () => Promise.reject(new Error('S3')) });

    expect(await prepare(setting)).toMatchObject({ kind: 'unavailable' });
    expect(setting.log.lines).toMatchObject([{ code: 'media.not-prepared', fields: { channel: 'support' } }]);
  });
});
