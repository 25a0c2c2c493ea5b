import * as z from 'zod';
import type { HttpEvent, HttpHandler, HttpResponse } from '../../../functions/shared/http/handler.ts';
import { rawBody } from '../../../functions/shared/http/request.ts';
import { maskAnswer, maskHeaders, maskQuery } from './mask.ts';
import { PROVIDERS } from './vendors.ts';

/** One request between the service and a provider, byte for byte, with its answer. */
export const WireEntry = z.strictObject({
  id: z.string().regex(/^\d{1,9}$/),
  /** From the provider to the service, or from the service to the provider. */
  kind: z.enum(['webhook', 'call']),
  provider: z.enum(PROVIDERS),
  /** ISO 8601, UTC, by the service's clock. */
  at: z.string(),
  method: z.string(),
  path: z.string(),
  /** With its `?`; without secrets. */
  query: z.string(),
  /** Without credentials. */
  headers: z.record(z.string(), z.string().optional()),
  body: z.string(),
  encoding: z.enum(['utf8', 'base64']),
  bytes: z.int(),
  /** Too large to keep: `body` is its beginning. */
  isCut: z.boolean(),
  /** How the receiver judged the signature or the credentials: `none` where there were none or it did not look. */
  signature: z.enum(['valid', 'invalid', 'none']),
  /** The HTTP status of the answer; `null` until there is one. */
  status: z.int().nullable(),
  answer: z.string(),
  /** By the machine's clock, until the answer. */
  milliseconds: z.int().nullable(),
});
export type WireEntry = z.infer<typeof WireEntry>;

export interface WireLog {
  /** Oldest first. */
  readonly list: () => readonly WireEntry[];
  readonly find: (id: string) => WireEntry | undefined;
  /** Forgets the entries of a kind, or all. */
  readonly clear: (kind?: WireEntry['kind']) => void;
  readonly replace: (entries: readonly WireEntry[]) => void;
  /** Records each request when it arrives, and its answer. */
  readonly recording: (from: Pick<WireEntry, 'kind' | 'provider'>, handler: HttpHandler) => HttpHandler;
}

const MAX_ENTRIES = 1_000;
const MAX_BODY_BYTES = 1024 * 1024;
/** Of all bodies together. */
const MAX_TOTAL_BYTES = 64 * 1024 * 1024;

const SIGNED_BY = ['authorization', 'x-hub-signature-256', 'x-sinch-webhook-signature'];

const toEntry = (event: HttpEvent, at: Date): Omit<WireEntry, 'id' | 'kind' | 'provider'> => {
  const bytes = rawBody(event);
  const encoding = event.isBase64Encoded ? 'base64' : 'utf8';
  return {
    at: at.toISOString(),
    method: event.requestContext.http.method,
    path: event.rawPath,
    query: event.rawQueryString === '' ? '' : `?${maskQuery(event.rawQueryString)}`,
    headers: maskHeaders(event.headers),
    body: Buffer.from(bytes.subarray(0, MAX_BODY_BYTES)).toString(encoding),
    encoding,
    bytes: bytes.length,
    isCut: bytes.length > MAX_BODY_BYTES,
    signature: 'none',
    status: null,
    answer: '',
    milliseconds: null,
  };
};

const checkOf = ({ headers }: HttpEvent, status: number): WireEntry['signature'] => {
  if (!SIGNED_BY.some((name) => headers[name] !== undefined) || status === 404) return 'none';
  return status === 401 || status === 403 ? 'invalid' : 'valid';
};

const answerOf = ({ body = '', isBase64Encoded }: HttpResponse): string =>
  isBase64Encoded === true ? `<${Buffer.byteLength(body, 'base64')} bytes>` : maskAnswer(body).slice(0, MAX_BODY_BYTES);

/** The newest that fit into the bounds. */
const bounded = (entries: readonly WireEntry[]): WireEntry[] => {
  let total = 0;
  const newest = entries.slice(-MAX_ENTRIES);
  const first = newest.findLastIndex(({ body, answer }) => {
    total += body.length + answer.length;
    return total > MAX_TOTAL_BYTES;
  });
  return newest.slice(first + 1);
};

/** The log of every webhook and every provider call of a local run; the oldest are forgotten first. */
export const createWireLog = (now: () => Date): WireLog => {
  let entries: WireEntry[] = [];
  let count = 0;
  const update = (id: string, change: Partial<WireEntry>) => {
    entries = entries.map((entry) => (entry.id === id ? { ...entry, ...change } : entry));
  };
  return {
    list: () => entries,
    find: (wanted) => entries.find(({ id }) => id === wanted),
    clear: (kind) => {
      entries = kind === undefined ? [] : entries.filter((entry) => entry.kind !== kind);
    },
    replace: (loaded) => {
      entries = [...loaded];
      count = Math.max(0, ...entries.map(({ id }) => Number(id)));
    },
    recording: (from, handler) => async (event) => {
      count += 1;
      const id = String(count);
      const startedMs = performance.now();
      entries = bounded([...entries, { id, ...from, ...toEntry(event, now()) }]);
      const response = await handler(event);
      const status = response.statusCode ?? 200;
      const milliseconds = Math.round(performance.now() - startedMs);
      update(id, { status, signature: checkOf(event, status), answer: answerOf(response), milliseconds });
      return response;
    },
  };
};
