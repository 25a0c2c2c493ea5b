import type { HttpEvent, HttpHandler } from '../../../functions/shared/http/handler.ts';
import { rawBody } from '../../../functions/shared/http/request.ts';
import type { ProviderName } from './vendor.ts';

/** A call that a simulated provider received. */
export interface ProviderCall {
  readonly provider: ProviderName;
  readonly method: string;
  readonly path: string;
  /** Without credentials. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The parsed JSON, or the text when it is not JSON; of a file, its size. */
  readonly body: unknown;
  readonly at: string;
  /** The HTTP status of the answer; `null` until there is one. */
  readonly status: number | null;
}

export interface CallLog {
  readonly list: () => readonly ProviderCall[];
  readonly clear: () => void;
  /** Records each call when it arrives and its status when it is answered. */
  readonly recording: (provider: ProviderName, handler: HttpHandler) => HttpHandler;
}

const parseBody = (event: HttpEvent): unknown => {
  const bytes = rawBody(event);
  if (event.isBase64Encoded) return `<${bytes.length} bytes>`;
  const text = Buffer.from(bytes).toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const withoutCredentials = (headers: HttpEvent['headers']): ProviderCall['headers'] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'authorization'));

export const createCallLog = (now: () => Date): CallLog => {
  const calls: ProviderCall[] = [];
  return {
    list: () => [...calls],
    clear: () => {
      calls.length = 0;
    },
    recording: (provider, handler) => async (event) => {
      const call: ProviderCall = {
        provider,
        method: event.requestContext.http.method,
        path: event.rawPath,
        headers: withoutCredentials(event.headers),
        body: parseBody(event),
        at: now().toISOString(),
        status: null,
      };
      calls.push(call);
      const response = await handler(event);
      const index = calls.indexOf(call);
      if (index !== -1) calls[index] = { ...call, status: response.statusCode ?? 200 };
      return response;
    },
  };
};
