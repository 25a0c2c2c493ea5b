import { describe, expect, it, onTestFinished } from 'vitest';
import { createMetaUploader } from '../../../../functions/shared/providers/meta/media-upload.ts';
import type { UploadedFile } from '../../../../functions/shared/providers/provider.ts';
import { aMetaAccount, aMetaChannel, metaSecrets, PHONE_NUMBER_ID } from '../../../support/meta.ts';
import { aClosedOrigin, aProviderServer, type Scripted } from '../../../support/provider-server.ts';

const FILE: UploadedFile = {
  mimeType: 'image/jpeg',
  open: async () => new File(['bytes'], 'a.jpg', { type: 'image/jpeg' }),
  link: () => Promise.reject(new Error('Meta fetches nothing')),
};

const upload = async (script: Scripted) => {
  const meta = await aProviderServer(() => script);
  onTestFinished(meta.close);
  const uploader = createMetaUploader({
    account: aMetaAccount({ baseUrl: meta.url }),
    secrets: async () => metaSecrets,
  });
  return { outcome: await uploader.upload(FILE, aMetaChannel()), call: meta.calls[0] };
};

describe('an upload to Meta', () => {
  it('is a form with the type and the bytes, and answers the id of the media', async () => {
    const { outcome, call } = await upload({ body: { id: '77' } });

    expect(outcome).toEqual({ kind: 'uploaded', mediaId: '77' });
    expect(call).toMatchObject({ method: 'POST', path: `/v26.0/${PHONE_NUMBER_ID}/media` });
    expect(call?.headers['authorization']).toBe(`Bearer ${metaSecrets.accessToken}`);
    const form = await new Response(call?.text, {
      headers: { 'content-type': call?.headers['content-type'] ?? '' },
    }).formData();
    expect([form.get('messaging_product'), form.get('type')]).toEqual(['whatsapp', 'image/jpeg']);
    const file = form.get('file') as File;
    expect([file.name, file.type, await file.text()]).toEqual(['a.jpg', 'image/jpeg', 'bytes']);
  });

  it.each([
    [{ status: 400, body: { error: { code: 131053, message: 'Bad file' } } }, 'rejected', '131053'],
    [{ status: 401, body: { error: { code: 190, message: 'Expired' } } }, 'rejected', '190'],
    [{ status: 400, body: { error: { code: 130429, message: 'Slow down' } } }, 'unavailable', '130429'],
    [{ status: 500, body: {} }, 'unavailable', 'http_500'],
    [{ status: 200, body: {} }, 'unavailable', 'http_200'],
    [{ hangUp: true }, 'unavailable', 'UND_ERR_SOCKET'],
  ] as const)('that is answered with %j is %s with %s', async (script, kind, code) => {
    expect((await upload(script)).outcome).toMatchObject({ kind, error: { code } });
  });

  it('that cannot be made is unavailable', async () => {
    const account = aMetaAccount({ baseUrl: await aClosedOrigin() });
    const uploader = createMetaUploader({ account, secrets: async () => metaSecrets });

    expect(await uploader.upload(FILE, aMetaChannel())).toMatchObject({
      kind: 'unavailable',
      error: { code: 'ECONNREFUSED' },
    });
  });
});
