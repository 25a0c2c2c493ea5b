import { onTestFinished, vi } from 'vitest';

interface Fetched {
  readonly url: string;
  readonly authorization: string | null;
}

/** A network that answers by URL, and what was asked of it; anything else cannot be reached. */
export const aNetwork = (answers: Readonly<Record<string, () => Response>>) => {
  const calls: Fetched[] = [];
  vi.stubGlobal('fetch', async (input: Request | URL | string, init?: RequestInit) => {
    const request = new Request(input, init);
    calls.push({ url: request.url, authorization: request.headers.get('authorization') });
    const answer = answers[request.url];
    if (answer === undefined) throw Object.assign(new TypeError('fetch failed'), { code: 'ENOTFOUND' });
    return answer();
  });
  onTestFinished(() => {
    vi.unstubAllGlobals();
  });
  return calls;
};

/** The whole text of a body. */
export const textOf = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};
