/** Headers with lower-case names. */
export type Headers = Readonly<Record<string, string | undefined>>;

export interface HttpCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** @default - POST with a body, GET without one */
  readonly method?: 'PUT' | undefined;
  readonly body?: string | FormData | undefined;
  /** From connecting to the last byte of the answer that is read. */
  readonly timeoutMs: number;
  /**
   * Whether the answer's body is read; otherwise the connection is closed after the headers.
   *
   * @default true
   */
  readonly readsBody?: boolean;
}

export type CallOutcome =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: Headers; readonly text: string }
  /** Nothing of the request was sent. */
  | { readonly kind: 'not_sent'; readonly code: string }
  /** The request may have reached the server (R12). */
  | { readonly kind: 'unknown'; readonly code: string };

/** System calls before a connection exists; they fail with ENOTFOUND, EAI_AGAIN, ECONNREFUSED, EHOSTUNREACH and others. */
const BEFORE_CONNECTED = new Set(['getaddrinfo', 'connect']);

/** Failures of the TLS handshake, timeouts included: nothing of the request was written. */
const BEFORE_SECURED = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'CERT_CHAIN_TOO_LONG',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_UNSUPPORTED_PROTOCOL',
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
]);

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** An error with all its causes, including those of an AggregateError: one per address tried. */
const withCauses = (error: unknown): readonly unknown[] => {
  const inner = property(error, 'errors');
  const causes = [property(error, 'cause'), ...(Array.isArray(inner) ? inner : [])];
  return [error, ...causes.filter((cause) => cause !== undefined).flatMap(withCauses)];
};

const codeOf = (error: unknown): string | undefined => {
  const code = property(error, 'code');
  return typeof code === 'string' ? code : undefined;
};

const isBeforeSending = (error: unknown): boolean =>
  BEFORE_CONNECTED.has(String(property(error, 'syscall'))) || BEFORE_SECURED.has(codeOf(error) ?? '');

/** Classifies a failed call; keeps only the code, since an error's message may quote the request. */
const toFailure = (error: unknown): Exclude<CallOutcome, { readonly kind: 'answered' }> => {
  const chain = withCauses(error);
  const before = chain.find(isBeforeSending);
  if (before !== undefined) return { kind: 'not_sent', code: codeOf(before) ?? 'connect_failed' };
  if (property(error, 'name') === 'TimeoutError') return { kind: 'unknown', code: 'timeout' };
  return { kind: 'unknown', code: chain.map(codeOf).find((code) => code !== undefined) ?? 'network_error' };
};

/** The code of a failed request, whose message may quote it. */
export const failureCode = (error: unknown): string => toFailure(error).code;

/** Builds the request; `undefined` for values that no request can have, such as a line break in a token. */
const toRequest = ({ url, method, headers, body }: HttpCall): Request | undefined => {
  try {
    return new Request(url, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      // A Lambda is frozen between invocations: a kept-alive connection that the server closed meanwhile fails
      // only after the request was written, which would leave the send in doubt (R12).
      headers: { ...headers, connection: 'close' },
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
    });
  } catch {
    return undefined;
  }
};

const readBody = async (response: Response, { readsBody = true }: HttpCall): Promise<string> => {
  if (readsBody) return response.text();
  await response.body?.cancel();
  return '';
};

/** Calls once; never throws, retries or follows a redirect. */
export const callOnce = async (call: HttpCall): Promise<CallOutcome> => {
  const request = toRequest(call);
  if (request === undefined) return { kind: 'not_sent', code: 'invalid_request' };
  try {
    // A signal of the request itself is lost when the request is collected as garbage while the call hangs.
    const response = await fetch(request, { signal: AbortSignal.timeout(call.timeoutMs) });
    const text = await readBody(response, call);
    return { kind: 'answered', status: response.status, headers: Object.fromEntries(response.headers), text };
  } catch (error) {
    return toFailure(error);
  }
};

/** Reads `Retry-After` in seconds; a date counts as absent. */
export const retryAfterSeconds = (headers: Headers): number | undefined => {
  const value = headers['retry-after'];
  return value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) : undefined;
};
