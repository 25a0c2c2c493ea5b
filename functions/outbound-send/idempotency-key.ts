import { createHash } from 'node:crypto';
import { encodeId } from '../shared/domain/id.ts';
import type { HttpEvent } from '../shared/http/handler.ts';
import { invalidRequest, type Parsed } from '../shared/http/request.ts';

const HEADER = 'Idempotency-Key';
const MAX_LENGTH = 255;

/** A string of structured fields (RFC 9651) is quoted; many clients omit the quotes. */
const QUOTED = /^"(?:[^"\\]|\\["\\])*"$/;

/** Reads the Idempotency-Key header, with or without quotes; 1–255 characters (R11). */
export const readIdempotencyKey = ({ headers }: HttpEvent): Parsed<string | undefined> => {
  const header = headers[HEADER.toLowerCase()]?.trim();
  if (header === undefined) return { ok: true, value: undefined };
  const key = QUOTED.test(header) ? header.slice(1, -1).replace(/\\(["\\])/g, '$1') : header;
  return key.length >= 1 && key.length <= MAX_LENGTH
    ? { ok: true, value: key }
    : invalidRequest([{ path: HEADER, message: `must have 1 to ${MAX_LENGTH} characters` }]);
};

/** Derives the message id from the key and its channel, so that one key is one message (R11). */
export const toMessageId = (channel: string, key: string): string => {
  const digest = createHash('sha256').update(`${channel}\n${key}`).digest();
  return `msg_${encodeId(digest)}`;
};

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  );
};

/** Hashes a request independently of the order of its fields. */
export const hashRequest = (request: object): string =>
  createHash('sha256')
    .update(JSON.stringify(sorted(request)))
    .digest('base64url');
