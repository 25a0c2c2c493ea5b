import type { ProviderName } from './vendor.ts';
import type { WireEntry, WireLog } from './wire-log.ts';

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
}

const parseBody = ({ body, encoding, bytes }: WireEntry): unknown => {
  if (encoding === 'base64') return `<${bytes} bytes>`;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};

const toCall = (entry: WireEntry): ProviderCall => {
  const { provider, method, path, headers, at, status } = entry;
  const { authorization: _, ...shown } = headers;
  return { provider, method, path, headers: shown, body: parseBody(entry), at, status };
};

/** The calls on the wire, with their bodies parsed. */
export const createCallLog = (wire: WireLog): CallLog => ({
  list: () =>
    wire
      .list()
      .filter(({ kind }) => kind === 'call')
      .map(toCall),
  clear: () => wire.clear('call'),
});
