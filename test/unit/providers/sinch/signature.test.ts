import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type SignedWebhook, verifySignature } from '../../../../functions/shared/providers/sinch/signature.ts';
import { sinchHeaders } from '../../../support/sinch.ts';

const PRETTY = readFileSync(new URL('../../../fixtures/sinch/inbound-text-pretty.json', import.meta.url));
const SIGNED_AT = 1_795_165_201;
const AT = { nonce: '01KADQ2N0NCE', timestamp: String(SIGNED_AT) };
const seconds = (offset: number) => new Date((SIGNED_AT + offset) * 1000);

/** Computed with `openssl dgst -sha256 -hmac`, not with the code under test. */
const PRETTY_SIGNATURE = '/FuuWEJObFvyE0e0Kaon2Gbm40LpYqQFFmWqDJkO+P4=';
const PRETTY_SIGNATURE_OF_NON_ASCII_SECRET = 'XTufGULafQQzS5DG/MrANzlG1iNdHcvQ5wIPEdn+NDY=';

const headers = (signature: string, overrides: Record<string, string | undefined> = {}) => ({
  ...sinchHeaders(PRETTY, 'first-secret', AT),
  'x-sinch-webhook-signature': signature,
  ...overrides,
});

const verify = (overrides: Partial<SignedWebhook> = {}) =>
  verifySignature({
    body: PRETTY,
    headers: headers(PRETTY_SIGNATURE),
    secrets: ['first-secret'],
    maxAgeSeconds: 86_400,
    now: seconds(0),
    ...overrides,
  });

describe('the signature of a Sinch webhook', () => {
  it('verifies a pretty-printed body with escapes and emoji over its exact bytes', () => {
    expect(verify()).toEqual({ ok: true });
  });

  it('refuses the same body once it is serialised again', () => {
    const body = new TextEncoder().encode(JSON.stringify(JSON.parse(PRETTY.toString())));

    expect(verify({ body })).toEqual({ ok: false, reason: 'mismatch' });
  });

  it('takes the secret as UTF-8 text', () => {
    const secrets = ['zweites Geheimnis ß'];

    expect(verify({ secrets, headers: headers(PRETTY_SIGNATURE_OF_NON_ASCII_SECRET) })).toEqual({ ok: true });
  });

  it.each([{ secrets: ['first-secret', 'next-secret'] }, { secrets: ['next-secret', 'first-secret'] }])(
    'verifies with any of several live secrets: $secrets',
    ({ secrets }) => {
      expect(verify({ secrets })).toEqual({ ok: true });
    },
  );

  it('refuses a secret that is no longer live', () => {
    expect(verify({ secrets: ['next-secret'] })).toEqual({ ok: false, reason: 'mismatch' });
  });

  it.each(['x-sinch-webhook-signature', 'x-sinch-webhook-signature-nonce', 'x-sinch-webhook-signature-timestamp'])(
    'is missing without %s',
    (name) => {
      expect(verify({ headers: headers(PRETTY_SIGNATURE, { [name]: undefined }) })).toEqual({
        ok: false,
        reason: 'missing',
      });
      expect(verify({ headers: headers(PRETTY_SIGNATURE, { [name]: '' }) })).toEqual({ ok: false, reason: 'missing' });
    },
  );

  it.each([
    { algorithm: undefined, ok: true },
    { algorithm: 'HMACSHA256', ok: true },
    { algorithm: 'HmacSHA1', ok: false },
    { algorithm: '', ok: false },
  ])('answers $ok to the algorithm $algorithm', ({ algorithm, ok }) => {
    const given = headers(PRETTY_SIGNATURE, { 'x-sinch-webhook-signature-algorithm': algorithm });

    expect(verify({ headers: given }).ok).toBe(ok);
  });

  it.each([
    'invalid-signature',
    'ÿ'.repeat(44),
    '🔑',
    `${PRETTY_SIGNATURE}${PRETTY_SIGNATURE}`,
    PRETTY_SIGNATURE.slice(0, -1),
    PRETTY_SIGNATURE.replace('/', '_'),
    // decodes to the very same bytes as the true signature
    PRETTY_SIGNATURE.replace('P4=', 'P5='),
  ])('refuses the odd signature %s without throwing', (signature) => {
    expect(verify({ headers: headers(signature) })).toEqual({ ok: false, reason: 'mismatch' });
  });

  it.each([
    { offset: -301, ok: false },
    { offset: -300, ok: true },
    { offset: 86_400, ok: true },
    { offset: 86_401, ok: false },
  ])('answers $ok when it arrives $offset s after its timestamp', ({ offset, ok }) => {
    expect(verify({ now: seconds(offset) })).toEqual(ok ? { ok: true } : { ok: false, reason: 'stale' });
  });

  it.each(['soon', '-1', '1e9', '1795165201.5', '9'.repeat(400)])(
    'is stale under the signed timestamp %s',
    (timestamp) => {
      const given = sinchHeaders(PRETTY, 'first-secret', { nonce: 'n', timestamp });

      expect(verify({ headers: given })).toEqual({ ok: false, reason: 'stale' });
    },
  );

  it('accepts a nonce seen before, since a retried webhook may carry its old signature', () => {
    expect([verify(), verify()]).toEqual([{ ok: true }, { ok: true }]);
  });
});
