import { describe, expect, it } from 'vitest';
import { createMetaMediaSource } from '../../../../functions/shared/providers/meta/media-source.ts';
import { aNetwork, textOf } from '../../../support/fetched.ts';
import { NO_DROP } from '../../../support/media.ts';
import { aMetaAccount, aMetaChannel, metaSecrets, PHONE_NUMBER_ID } from '../../../support/meta.ts';

const ID = '1037543291543636';
const LOOK_UP = `https://graph.facebook.com/v26.0/${ID}?phone_number_id=${PHONE_NUMBER_ID}`;
const FILE = `https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=${ID}`;
const TOKEN = `Bearer ${metaSecrets.accessToken}`;

const found = (url: string) => () =>
  Response.json({ messaging_product: 'whatsapp', url, mime_type: 'image/jpeg', sha256: 'ab12', file_size: '5' });
const bytes = () => new Response('bytes');
const redirect = (location: string) => () => new Response(null, { status: 302, headers: { location } });

const aSource = (mediaHosts: string[] = []) =>
  createMetaMediaSource({
    account: aMetaAccount({ baseUrl: 'https://graph.facebook.com', mediaHosts }),
    secrets: async () => metaSecrets,
  });

const open = (file: Parameters<ReturnType<typeof aSource>['open']>[0] = { mediaId: ID }, hosts?: string[]) =>
  aSource(hosts).open(file, aMetaChannel(), NO_DROP);

describe('a customer’s file at Meta', () => {
  it('is read from the URL that the API gives for its id, with the token', async () => {
    const calls = aNetwork({ [LOOK_UP]: found(FILE), [FILE]: bytes });

    const opened = await open();

    expect(opened).toMatchObject({ kind: 'opened', mimeType: 'image/jpeg', size: 5, sha256: ['ab12'] });
    expect(opened.kind === 'opened' ? await textOf(opened.body) : '').toBe('bytes');
    expect(calls).toEqual([
      { url: LOOK_UP, authorization: TOKEN },
      { url: FILE, authorization: TOKEN },
    ]);
  });

  it('must have the hash of the webhook too', async () => {
    aNetwork({ [LOOK_UP]: found(FILE), [FILE]: bytes });

    expect(await open({ mediaId: ID, sha256: 'from-webhook' })).toMatchObject({ sha256: ['ab12', 'from-webhook'] });
  });

  it('is never read from the URL of a webhook', async () => {
    const calls = aNetwork({ [FILE]: bytes });

    expect(await open({ url: FILE })).toEqual({ kind: 'gone' });
    expect(calls).toEqual([]);
  });

  it.each([
    'https://evil.example/file',
    'https://evilfbsbx.com/file',
    'https://fbsbx.com.evil.example/file',
    'http://lookaside.fbsbx.com/file',
    'https://lookaside.fbsbx.com:8443/file',
    'https://user@lookaside.fbsbx.com/file',
    'https://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
    'no url',
  ])('is not read from %s, which is not called', async (url) => {
    const calls = aNetwork({ [LOOK_UP]: found(url) });

    expect(await open()).toMatchObject({ kind: 'refused' });
    expect(calls.map(({ url: called }) => called)).toEqual([LOOK_UP]);
  });

  it.each(['https://scontent.fbcdn.net/a', 'https://mmg.whatsapp.net/a', '/elsewhere'])(
    'is read where Meta redirects to %s',
    async (location) => {
      const target = new URL(location, FILE).href;
      const calls = aNetwork({ [LOOK_UP]: found(FILE), [FILE]: redirect(location), [target]: bytes });

      expect(await open()).toMatchObject({ kind: 'opened' });
      expect(calls.at(-1)).toEqual({ url: target, authorization: TOKEN });
    },
  );

  it('is not read where a redirect leads to somewhere else, which is not called', async () => {
    const calls = aNetwork({ [LOOK_UP]: found(FILE), [FILE]: redirect('https://evil.example/a') });

    expect(await open()).toEqual({ kind: 'refused', host: 'evil.example' });
    expect(calls.map(({ url }) => url)).toEqual([LOOK_UP, FILE]);
  });

  it('is given up after three redirects', async () => {
    aNetwork({ [LOOK_UP]: found(FILE), [FILE]: redirect(FILE) });

    expect(await open()).toEqual({ kind: 'unavailable', code: 'too_many_redirects' });
  });

  it('is read from a host that the account adds, which gets no token', async () => {
    const mirror = 'https://files.mirror.example/a';
    const calls = aNetwork({ [LOOK_UP]: found(mirror), [mirror]: bytes });

    expect(await open({ mediaId: ID }, ['mirror.example'])).toMatchObject({ kind: 'opened' });
    expect(calls.at(-1)).toEqual({ url: mirror, authorization: null });
  });

  it.each([
    [400, { error: { code: 100, error_subcode: 33, message: 'Object does not exist' } }, { kind: 'gone' }],
    [404, {}, { kind: 'gone' }],
    [401, { error: { code: 190, message: 'Expired' } }, { kind: 'unavailable', code: 'http_401' }],
    [500, {}, { kind: 'unavailable', code: 'http_500' }],
    [200, {}, { kind: 'unavailable', code: 'unreadable' }],
  ])('where the look-up is answered with %i %j is %j', async (status, body, outcome) => {
    aNetwork({ [LOOK_UP]: () => Response.json(body, { status }) });

    expect(await open()).toEqual(outcome);
  });

  it('is unavailable while Meta cannot be reached', async () => {
    aNetwork({});

    expect(await open()).toEqual({ kind: 'unavailable', code: 'ENOTFOUND' });
  });

  it('is unavailable where the download fails', async () => {
    aNetwork({ [LOOK_UP]: found(FILE), [FILE]: () => new Response('', { status: 503 }) });

    expect(await open()).toEqual({ kind: 'unavailable', code: 'http_503' });
  });
});
