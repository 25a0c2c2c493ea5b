import { describe, expect, it } from 'vitest';
import vectors from '../../../fixtures/meta/signed-bodies.json' with { type: 'json' };
import { aMetaReader, metaSecrets, signMeta } from '../../../support/meta.ts';

const now = new Date('2026-11-20T12:00:00Z');
const verify = (body: string, signature: string | undefined, appSecrets = metaSecrets.appSecrets) =>
  aMetaReader([], { appSecrets }).verify(Buffer.from(body), { 'x-hub-signature-256': signature }, now);

const escaped = vectors.find(({ name }) => name.startsWith('escaped unicode'));

describe('the signature of a Meta webhook', () => {
  it.each(vectors)('verifies over the exact bytes: $name', async ({ body, signature }) => {
    expect(await verify(body, signature)).toEqual({ ok: true });
  });

  it.each(vectors)('fails with another secret: $name', async ({ body, signature }) => {
    expect(await verify(body, signature, ['another-secret'])).toEqual({ ok: false, reason: 'mismatch' });
  });

  it('fails over the same JSON written anew', async () => {
    const body = escaped?.body ?? '';
    const anew = JSON.stringify(JSON.parse(body));

    expect(JSON.parse(anew)).toEqual(JSON.parse(body));
    expect(await verify(anew, escaped?.signature)).toEqual({ ok: false, reason: 'mismatch' });
  });

  it.each(['new-secret', 'old-secret'])('verifies with either live secret while one is rotated: %s', async (secret) => {
    expect(await verify('{}', signMeta('{}', secret), ['new-secret', 'old-secret'])).toEqual({ ok: true });
  });

  it('fails with a secret that is no longer live', async () => {
    expect(await verify('{}', signMeta('{}', 'retired'), ['new-secret', 'old-secret'])).toMatchObject({ ok: false });
  });

  it('takes hex digits of either case', async () => {
    const signature = signMeta('{}').replace(/[a-f]/g, (digit) => digit.toUpperCase());

    expect(await verify('{}', signature)).toEqual({ ok: true });
  });

  it('tells a missing header from a wrong one', async () => {
    expect(await verify('{}', undefined)).toEqual({ ok: false, reason: 'missing' });
  });

  const right = signMeta('{}');
  it.each([
    ['empty', ''],
    ['without its prefix', right.slice('sha256='.length)],
    ['of SHA-1', right.replace('sha256=', 'sha1=')],
    ['too short', right.slice(0, -1)],
    ['too long', `${right}0`],
    ['not hex', `sha256=${'g'.repeat(64)}`],
    ['followed by a line break', `${right}\n`],
  ])('refuses a header that is %s', async (_, signature) => {
    expect(await verify('{}', signature)).toEqual({ ok: false, reason: 'mismatch' });
  });
});

describe('the subscription check', () => {
  const query = { 'hub.mode': 'subscribe', 'hub.verify_token': metaSecrets.verifyToken, 'hub.challenge': '1158201444' };

  it('is answered with the challenge', async () => {
    expect(await aMetaReader().answerChallenge(query)).toBe('1158201444');
  });

  it.each([
    ['with a wrong token', { ...query, 'hub.verify_token': 'fixture-verify-tokeN' }],
    ['with a token of another length', { ...query, 'hub.verify_token': 'f' }],
    ['without a token', { ...query, 'hub.verify_token': undefined }],
    ['in another mode', { ...query, 'hub.mode': 'unsubscribe' }],
    ['without a mode', { ...query, 'hub.mode': undefined }],
    ['without a challenge', { ...query, 'hub.challenge': undefined }],
  ])('is refused %s', async (_, refused) => {
    expect(await aMetaReader().answerChallenge(refused)).toBeUndefined();
  });
});
