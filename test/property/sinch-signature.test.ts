import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifySignature } from '../../functions/shared/providers/sinch/signature.ts';
import { sinchHeaders } from '../support/sinch.ts';

const NOW = new Date('2026-11-20T09:00:00Z');
const AT = { nonce: 'nonce', timestamp: String(NOW.getTime() / 1000) };
const check = (body: Uint8Array, headers: Record<string, string>, secrets: string[]) =>
  verifySignature({ body, headers, secrets, maxAgeSeconds: 86_400, now: NOW });

const flipped = (bytes: Uint8Array, bit: number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  const index = Math.floor(bit / 8) % copy.length;
  copy[index] = (copy[index] ?? 0) ^ (1 << (bit % 8));
  return copy;
};

const secret = fc.string({ minLength: 1, unit: 'binary' });
const body = fc.uint8Array({ minLength: 1, maxLength: 200 });

describe('the signature of a Sinch webhook', () => {
  it('is accepted exactly as it was made', () => {
    fc.assert(
      fc.property(body, secret, secret, (bytes, live, next) => {
        expect(check(bytes, sinchHeaders(bytes, live, AT), [next, live])).toEqual({ ok: true });
      }),
    );
  });

  it('is refused after any one-bit change of the body', () => {
    fc.assert(
      fc.property(body, secret, fc.nat(), (bytes, live, bit) => {
        expect(check(flipped(bytes, bit), sinchHeaders(bytes, live, AT), [live])).toEqual({
          ok: false,
          reason: 'mismatch',
        });
      }),
    );
  });

  it('is refused after any one-bit change of the signature itself', () => {
    fc.assert(
      fc.property(body, secret, fc.nat(), (bytes, live, bit) => {
        const headers = sinchHeaders(bytes, live, AT);
        const signature = Buffer.from(flipped(Buffer.from(headers['x-sinch-webhook-signature']), bit)).toString(
          'latin1',
        );

        expect(check(bytes, { ...headers, 'x-sinch-webhook-signature': signature }, [live]).ok).toBe(false);
      }),
    );
  });

  it('never throws, whatever the headers hold', () => {
    const odd = fc.record({
      'x-sinch-webhook-signature': fc.string({ unit: 'binary' }),
      'x-sinch-webhook-signature-nonce': fc.string({ unit: 'binary' }),
      'x-sinch-webhook-signature-timestamp': fc.string({ unit: 'binary' }),
      'x-sinch-webhook-signature-algorithm': fc.string({ unit: 'binary' }),
    });
    fc.assert(
      fc.property(body, odd, (bytes, headers) => {
        expect(check(bytes, headers, ['secret']).ok).toBe(false);
      }),
    );
  });
});
