import { createHmac, timingSafeEqual } from 'node:crypto';
import { SKEW_SECONDS } from '../../domain/window.ts';
import type { Headers } from '../../network/http-call.ts';
import type { Verification } from '../provider.ts';

const HEADER = 'x-sinch-webhook-signature';

export interface SignedWebhook {
  readonly body: Uint8Array;
  readonly headers: Headers;
  readonly secrets: readonly string[];
  readonly maxAgeSeconds: number;
  readonly now: Date;
}

/** Signs as Sinch does: over body, nonce and timestamp, with the secret as text. */
export const sign = (body: Uint8Array, { nonce, timestamp }: { nonce: string; timestamp: string }, secret: string) =>
  createHmac('sha256', secret).update(body).update(`.${nonce}.${timestamp}`).digest('base64');

/** Compares the texts, since several base64 texts decode to the same bytes. */
const isSame = (expected: string, given: string): boolean => {
  const [left, right] = [Buffer.from(expected), Buffer.from(given)];
  return left.length === right.length && timingSafeEqual(left, right);
};

const isFresh = (timestamp: string, { now, maxAgeSeconds }: SignedWebhook): boolean => {
  const age = now.getTime() / 1000 - (/^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN);
  return age >= -SKEW_SECONDS && age <= maxAgeSeconds;
};

/** Verifies a webhook against every live secret; a repeated nonce is accepted, since a replay has no effect (R15). */
export const verifySignature = (webhook: SignedWebhook): Verification => {
  const { body, headers, secrets } = webhook;
  const signature = headers[HEADER];
  const nonce = headers[`${HEADER}-nonce`];
  const timestamp = headers[`${HEADER}-timestamp`];
  if (!signature || !nonce || !timestamp) return { ok: false, reason: 'missing' };
  const algorithm = headers[`${HEADER}-algorithm`] ?? 'HmacSHA256';
  const matches = secrets.map((secret) => isSame(sign(body, { nonce, timestamp }, secret), signature));
  if (algorithm.toLowerCase() !== 'hmacsha256' || !matches.includes(true)) return { ok: false, reason: 'mismatch' };
  return isFresh(timestamp, webhook) ? { ok: true } : { ok: false, reason: 'stale' };
};
