import type { HttpEvent, HttpHandler } from '../../../functions/shared/http/handler.ts';
import { rawBody } from '../../../functions/shared/http/request.ts';

export type ProviderName = 'meta' | 'sinch';

/** A call that a simulated provider received. */
export interface ProviderCall {
  readonly provider: ProviderName;
  readonly method: string;
  readonly path: string;
  /** Without credentials. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Parsed JSON; text where it is none. */
  readonly body: unknown;
  readonly at: string;
  /** The HTTP status answered; `null` while there is no answer. */
  readonly status: number | null;
}

export interface CallLog {
  readonly list: () => readonly ProviderCall[];
  readonly clear: () => void;
  /** Records every call of the handler when it arrives, and its status once it is answered. */
  readonly recording: (provider: ProviderName, handler: HttpHandler) => HttpHandler;
}

const parsed = (event: HttpEvent): unknown => {
  const text = Buffer.from(rawBody(event)).toString('utf8');
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
        body: parsed(event),
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
