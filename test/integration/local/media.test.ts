import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { BUILT_IN } from '../../../infra/shared/local-configuration.ts';
import { eventually } from '../../support/eventually.ts';
import { aLocalService } from '../../support/local.ts';

const CUSTOMER = '+15551234567';
const BYTES = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 1, 2, 3]);
const PICTURE = { type: 'image', mimeType: 'image/jpeg', name: 'meter.jpg', base64: BYTES.toString('base64') };

const capturing = {
  ...BUILT_IN,
  channels: BUILT_IN.channels.map((channel) => ({ ...channel, captureMedia: true })),
};

const aMediaService = async (configuration: object = BUILT_IN) => {
  const service = await aLocalService({ configuration });
  const media = (channel: string, id: string, query = '') =>
    service.call(
      'GET',
      `/v1/channels/${channel}/customers/${CUSTOMER}/messages/${encodeURIComponent(id)}/media${query}`,
    );
  return { ...service, media };
};

/** The calls that send, at each provider. */
const SENDS = /(messages(:send)?|whatsapp\/send)$/;

const read = async (url: string) => {
  const response = await fetch(url);
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
};

describe.each(['support', 'support-sinch', 'support-aws'])('on channel %s', (channel) => {
  it('a customer sends a picture, which is fetched once and read without credentials until its link expires', async () => {
    const { write, media, calls, clock } = await aMediaService();
    const { messageId } = (await write({ channel, from: CUSTOMER, file: PICTURE })).body;

    const shown = await media(channel, messageId);
    const fetched = await calls();
    const again = await media(channel, messageId);

    expect(shown).toMatchObject({
      status: 200,
      body: { mimeType: 'image/jpeg', size: 8, sha256: createHash('sha256').update(BYTES).digest('hex') },
    });
    const file = await read(shown.body.url);
    expect(file).toMatchObject({ status: 200, bytes: BYTES });
    expect(file.headers.get('content-type')).toBe('image/jpeg');
    expect(file.headers.get('content-disposition')).toContain('inline');
    expect(again.status).toBe(200);
    expect(await calls()).toHaveLength(fetched.length);
    expect(JSON.stringify(fetched)).not.toContain('local-access-token');
    await clock({ advanceSeconds: 301 });
    expect((await read(shown.body.url)).status).toBe(403);
  });

  it('a document is saved under its name', async () => {
    const { write, media } = await aMediaService();
    const file = { ...PICTURE, type: 'document', mimeType: 'application/pdf', name: 'Zähler.pdf' };
    const { messageId } = (await write({ channel, from: CUSTOMER, file })).body;

    const redirect = await media(channel, messageId, '?redirect=true').catch((error: unknown) => error);

    expect(redirect).toMatchObject({ status: 200, text: BYTES.toString('utf8') });
    const { body } = await media(channel, messageId);
    expect(body.name).toBe('Zähler.pdf');
    expect((await read(body.url)).headers.get('content-disposition')).toBe(
      "attachment; filename*=UTF-8''Z%C3%A4hler.pdf",
    );
  });

  it('the file of an erased customer is gone, and so is the link to it', async () => {
    const { write, media, call } = await aMediaService();
    const { messageId } = (await write({ channel, from: CUSTOMER, file: PICTURE })).body;
    const { url } = (await media(channel, messageId)).body;

    await eventually(async () =>
      expect((await call('DELETE', `/v1/channels/${channel}/customers/${CUSTOMER}`)).body.done).toBe(true),
    );

    expect(await media(channel, messageId)).toMatchObject({ status: 404, body: { code: 'unknown_message' } });
    await eventually(async () => expect((await read(url)).status).toBe(404));
  });

  it('with captureMedia the file is copied before anyone asks for it', async () => {
    const { write, media, calls, log } = await aMediaService(capturing);
    const { messageId } = (await write({ channel, from: CUSTOMER, file: PICTURE })).body;
    await eventually(async () => expect(log.counts['FilesCopied']).toBe(1));
    const fetched = await calls();

    expect((await media(channel, messageId)).status).toBe(200);
    expect(await calls()).toHaveLength(fetched.length);
  });
});

const aForm = (fields: Record<string, string>, file: Blob) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', file);
  return form;
};

const JPEG = new Blob([BYTES], { type: 'image/jpeg' });

describe.each(['support', 'support-sinch', 'support-aws'])('an upload on channel %s', (channel) => {
  const anUpload = async (service: Awaited<ReturnType<typeof aMediaService>>) => {
    await service.write({ channel, from: CUSTOMER, text: 'Hello' });
    const body = { type: 'image', mimeType: 'image/jpeg', size: BYTES.length };
    return service.call('POST', `/v1/channels/${channel}/media`, { body });
  };
  const sendAs = (service: Awaited<ReturnType<typeof aMediaService>>, content: object) =>
    service.call('POST', '/v1/messages', { body: { channel, to: CUSTOMER, content } });

  it('is posted past the API, sent as a picture, and read by the provider', async () => {
    const service = await aMediaService();
    const asked = await anUpload(service);
    const { upload, url, fields } = asked.body;

    const posted = await fetch(url, { method: 'POST', body: aForm(fields, JPEG) });
    const sent = await sendAs(service, { type: 'image', upload, caption: 'Your receipt' });

    expect([asked.status, posted.status, sent.status]).toEqual([201, 204, 201]);
    const message = (await service.calls()).findLast(({ path }) => SENDS.test(path));
    const image = { id: expect.stringMatching(/^\d{16}$/), caption: 'Your receipt' };
    if (channel === 'support') expect(message?.body).toMatchObject({ image });
    else if (channel === 'support-aws') {
      const bytes = (message?.body as { message?: string } | undefined)?.message ?? '';
      expect(JSON.parse(Buffer.from(bytes, 'base64').toString('utf8'))).toMatchObject({ image });
    } else {
      const link = JSON.stringify(message?.body).match(/http:[^"]+/)?.[0] ?? '';
      expect(await read(link)).toMatchObject({ status: 200, bytes: BYTES });
      await service.clock({ advanceSeconds: 3_599 });
      expect((await read(link)).status).toBe(200);
    }
    expect((await service.message(sent.body.id)).body.content).toEqual({
      type: 'image',
      upload,
      caption: 'Your receipt',
    });
  });

  it('of another type or size than declared is refused by the bucket', async () => {
    const service = await aMediaService();
    const { url, fields } = (await anUpload(service)).body;
    const post = async (form: FormData) => {
      const response = await fetch(url, { method: 'POST', body: form });
      return [response.status, /<Code>(\w+)/.exec(await response.text())?.[1]];
    };

    expect(await post(aForm({ ...fields, 'Content-Type': 'image/gif' }, JPEG))).toEqual([403, 'AccessDenied']);
    expect(await post(aForm(fields, new Blob([BYTES, BYTES])))).toEqual([400, 'EntityTooLarge']);
    expect(await post(aForm(fields, new Blob([BYTES.subarray(1)])))).toEqual([400, 'EntityTooSmall']);
    expect(await post(aForm({ ...fields, key: '30/other/x' }, JPEG))).toEqual([403, 'AccessDenied']);
  });

  it('is sent neither before the file is there, nor as what WhatsApp does not send it as', async () => {
    const service = await aMediaService();
    const { upload, url, fields } = (await anUpload(service)).body;

    const early = await sendAs(service, { type: 'image', upload });
    await fetch(url, { method: 'POST', body: aForm(fields, JPEG) });
    const asVideo = await sendAs(service, { type: 'video', upload });

    for (const refused of [early, asVideo])
      expect(refused).toMatchObject({
        status: 400,
        body: { code: 'invalid_request', errors: [{ path: 'content.upload' }] },
      });
    expect((await service.calls()).filter(({ path }) => SENDS.test(path))).toEqual([]);
  });
});

describe('a file that a webhook names', () => {
  it('is not fetched from a host that is not the provider’s', async () => {
    const { write, media, providers } = await aMediaService();
    const elsewhere = 'http://127.0.0.1:1/meter.jpg';
    const sinch = { contact_message: { media_message: { url: elsewhere } } };
    const meta = { type: 'image', image: { id: '404', url: `${providers['meta']}/elsewhere` } };
    const fromSinch = (await write({ channel: 'support-sinch', from: CUSTOMER, message: sinch })).body.messageId;
    const fromMeta = (await write({ channel: 'support', from: CUSTOMER, message: meta })).body.messageId;

    const refused = await media('support-sinch', fromSinch);
    const gone = await media('support', fromMeta);

    expect(refused).toMatchObject({ status: 410, body: { code: 'media_unavailable' } });
    expect(refused.body.detail).toContain('mediaHosts');
    expect(gone).toMatchObject({ status: 410, body: { code: 'media_unavailable' } });
    expect(gone.body.detail).toContain('7 days');
  });
});
