import type { HttpEvent } from '../../../functions/shared/http/handler.ts';

const MASK = '•••';

const SECRET_HEADERS = new Set(['authorization', 'x-amz-security-token', 'cookie']);

/** The headers without credentials: of `authorization` the scheme alone. */
export const maskHeaders = (headers: HttpEvent['headers']): HttpEvent['headers'] =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value = '']) => [
      name,
      SECRET_HEADERS.has(name) ? [...value.split(' ').slice(0, -1).slice(0, 1), MASK].join(' ') : value,
    ]),
  );

/** A query without the verify token of Meta's webhook. */
export const maskQuery = (query: string): string => query.replace(/(\bhub\.verify_token=)[^&]*/g, `$1${MASK}`);

/** An answer without the access token that it issues. */
export const maskAnswer = (body: string): string => body.replace(/("access_token":")[^"]*/g, `$1${MASK}`);
