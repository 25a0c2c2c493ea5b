import { describe, expect, it } from 'vitest';
import { createSinchMediaSource } from '../../../../functions/shared/providers/sinch/media-source.ts';
import { aNetwork, textOf } from '../../../support/fetched.ts';
import { NO_DROP } from '../../../support/media.ts';
import { aSinchAccount, aSinchChannel } from '../../../support/sinch.ts';

const FILE = 'https://media.sinch.example/a.jpg';

const open = (url: string | undefined, mediaHosts: string[] = []) =>
  createSinchMediaSource(aSinchAccount({ mediaHosts })).open({ url }, aSinchChannel(), NO_DROP);

describe('a customer’s file at Sinch', () => {
  it('is read by the link of the webhook, without credentials, from a host that the account names', async () => {
    const calls = aNetwork({ [FILE]: () => new Response('bytes', { headers: { 'content-type': 'image/jpeg' } }) });

    const opened = await open(FILE, ['sinch.example']);

    expect(opened).toMatchObject({ kind: 'opened', mimeType: 'image/jpeg', sha256: [] });
    expect(opened.kind === 'opened' ? await textOf(opened.body) : '').toBe('bytes');
    expect(calls).toEqual([{ url: FILE, authorization: null }]);
  });

  it.each([
    [FILE, []],
    [FILE, ['inch.example']],
    ['https://sinch.example.evil.example/a', ['sinch.example']],
    ['http://media.sinch.example/a', ['sinch.example']],
  ])('is not read by the link %s where the account names %j', async (url, hosts) => {
    const calls = aNetwork({});

    expect(await open(url, hosts)).toMatchObject({ kind: 'refused' });
    expect(calls).toEqual([]);
  });

  it.each([
    [403, { kind: 'gone' }],
    [404, { kind: 'gone' }],
    [410, { kind: 'gone' }],
    [500, { kind: 'unavailable', code: 'http_500' }],
  ])('whose link is answered with %i is %j', async (status, outcome) => {
    aNetwork({ [FILE]: () => new Response(null, { status }) });

    expect(await open(FILE, ['media.sinch.example'])).toEqual(outcome);
  });

  it('is gone without a link, and unavailable while its host cannot be reached', async () => {
    aNetwork({});

    expect(await open(undefined)).toEqual({ kind: 'gone' });
    expect(await open(FILE, ['media.sinch.example'])).toEqual({ kind: 'unavailable', code: 'ENOTFOUND' });
  });
});
