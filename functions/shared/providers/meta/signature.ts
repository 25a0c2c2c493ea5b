import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Verification } from '../provider.ts';

const SIGNATURE = /^sha256=([0-9a-f]{64})$/i;

/**
 * Verifies `X-Hub-Signature-256`: the HMAC-SHA256 of the body's exact bytes under any of the live app secrets.
 * Meta signs the bytes that it sends, with `\u00e4` and `\/` escaped: re-encoded JSON does not verify
 * (https://developers.facebook.com/docs/messenger-platform/webhooks#validate-payloads).
 */
export const verifySignature = (
  body: Uint8Array,
  header: string | undefined,
  appSecrets: readonly string[],
): Verification => {
  if (header === undefined) return { ok: false, reason: 'missing' };
  const hex = SIGNATURE.exec(header)?.[1];
  if (hex === undefined) return { ok: false, reason: 'mismatch' };
  const given = Buffer.from(hex, 'hex');
  const matches = appSecrets.map((secret) =>
    timingSafeEqual(createHmac('sha256', secret).update(body).digest(), given),
  );
  return matches.includes(true) ? { ok: true } : { ok: false, reason: 'mismatch' };
};

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Compares two texts of any length in constant time. */
export const isSameToken = (given: string, expected: string): boolean =>
  timingSafeEqual(digest(given), digest(expected));
