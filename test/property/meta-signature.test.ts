import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifySignature } from '../../functions/shared/providers/meta/signature.ts';
import { signMeta } from '../support/meta.ts';

const body = fc.uint8Array({ minLength: 1, maxLength: 300 });
const secret = fc.string({ minLength: 1 });

const withFlippedBit = (bytes: Uint8Array, bit: number): Uint8Array =>
  bytes.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));

describe('the signature of a Meta webhook', () => {
  it('verifies whatever was signed with any of the live secrets', () => {
    fc.assert(
      fc.property(body, fc.array(secret, { minLength: 1, maxLength: 3 }), fc.nat(), (bytes, secrets, pick) => {
        const signature = signMeta(bytes, secrets[pick % secrets.length]);

        expect(verifySignature(bytes, signature, secrets)).toEqual({ ok: true });
      }),
    );
  });

  it('fails after any one bit of the body has changed', () => {
    fc.assert(
      fc.property(body, secret, fc.nat(), (bytes, key, bit) => {
        const changed = withFlippedBit(bytes, bit % (bytes.length * 8));

        expect(verifySignature(changed, signMeta(bytes, key), [key])).toEqual({ ok: false, reason: 'mismatch' });
      }),
    );
  });

  it('fails after any one digit of the signature has changed', () => {
    fc.assert(
      fc.property(body, fc.nat({ max: 63 }), fc.integer({ min: 1, max: 15 }), (bytes, at, by) => {
        const hex = signMeta(bytes).slice('sha256='.length);
        const digit = ((Number.parseInt(hex.charAt(at), 16) + by) % 16).toString(16);
        const changed = `sha256=${hex.slice(0, at)}${digit}${hex.slice(at + 1)}`;

        expect(verifySignature(bytes, changed, ['fixture-app-secret'])).toEqual({ ok: false, reason: 'mismatch' });
      }),
    );
  });

  it('never throws on a header', () => {
    fc.assert(
      fc.property(body, fc.string(), (bytes, header) => {
        expect(verifySignature(bytes, header, ['fixture-app-secret']).ok).toBe(false);
      }),
    );
  });
});
