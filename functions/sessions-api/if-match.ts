import type { HttpEvent } from '../shared/http/handler.ts';
import { invalidRequest, type Parsed } from '../shared/http/request.ts';

const HEADER = 'If-Match';
const TAG = /^(?:"(\d{1,15})"|(\d{1,15}))$/;

/** The ETag of a consent: its version. */
export const toEtag = (version: number): string => `"${version}"`;

/**
 * Reads the versions that If-Match names (RFC 9110), with or without quotes; `undefined` without the header, or for `*`,
 * since each customer has a consent.
 */
export const readIfMatch = ({ headers }: HttpEvent): Parsed<readonly number[] | undefined> => {
  const header = headers[HEADER.toLowerCase()]?.trim();
  if (header === undefined || header === '*') return { ok: true, value: undefined };
  const matches = header.split(',').map((tag) => TAG.exec(tag.trim()));
  const versions = matches.flatMap((match) => (match === null ? [] : [Number(match[1] ?? match[2])]));
  return versions.length === matches.length
    ? { ok: true, value: versions }
    : invalidRequest([{ path: HEADER, message: 'must be the ETag of a consent: its version in quotes, e.g. "3"' }]);
};
