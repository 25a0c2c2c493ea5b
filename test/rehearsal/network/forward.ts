import { type IncomingHttpHeaders, request } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** A request on its way to another server of this machine. */
export interface Forwarded {
  readonly method: string;
  readonly path: string;
  /** Go on as they are: a signature covers the host too. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Headers of one connection alone. */
const HOP_BY_HOP: readonly string[] = ['connection', 'content-length', 'keep-alive', 'transfer-encoding'];

const toHeaders = (headers: IncomingHttpHeaders): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name, value]) => value !== undefined && !HOP_BY_HOP.includes(name))
      .map(([name, value]) => [name, String(value)]),
  );

/** Sends a request to a port of this machine, byte for byte. */
export const forward = (port: number, { method, path, headers, body }: Forwarded): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = Object.fromEntries(
      Object.entries(headers)
        .filter(([name, value]) => value !== undefined && !HOP_BY_HOP.includes(name))
        .map(([name, value]) => [name, String(value)]),
    );
    const outgoing = request(
      { host: '127.0.0.1', port, method, path, headers: { ...sent, 'content-length': String(body.length) } },
      (response) => {
        buffer(response).then(
          (bytes) => resolve({ status: response.statusCode ?? 0, headers: toHeaders(response.headers), body: bytes }),
          reject,
        );
      },
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
