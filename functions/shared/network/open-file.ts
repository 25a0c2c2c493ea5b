import { failureCode, type Headers } from './http-call.ts';

export interface FileCall {
  readonly url: string;
  /** Whether a URL may be called: asked for the first one and for each to which a server redirects. */
  readonly allows: (url: URL) => boolean;
  readonly headersFor: (url: URL) => Readonly<Record<string, string>>;
  /** From connecting to the last byte of the file. */
  readonly timeoutMs: number;
}

export type FileOutcome =
  | { readonly kind: 'opened'; readonly headers: Headers; readonly body: AsyncIterable<Uint8Array> }
  /** The server answered with another status than 200. */
  | { readonly kind: 'answered'; readonly status: number }
  /** The URL, or one to which a server redirected, is not allowed: it was not called. */
  | { readonly kind: 'refused'; readonly host: string }
  | { readonly kind: 'failed'; readonly code: string };

const MAX_REDIRECTS = 3;

const NO_BODY: AsyncIterable<Uint8Array> = (async function* empty() {})();

const parseUrl = (text: string, base?: string): URL | undefined => URL.parse(text, base) ?? undefined;

/** The target of a redirect; `undefined` for any other answer. */
const redirectOf = ({ status, headers }: Response, url: URL): string | undefined =>
  status >= 300 && status < 400 && status !== 304
    ? (parseUrl(headers.get('location') ?? '', url.href)?.href ?? '')
    : undefined;

/** What an answer is: the open file, where it is instead, or neither. */
const readAnswer = async (response: Response, url: URL): Promise<FileOutcome | { readonly redirect: string }> => {
  if (response.status === 200)
    return { kind: 'opened', headers: Object.fromEntries(response.headers), body: response.body ?? NO_BODY };
  await response.body?.cancel();
  const redirect = redirectOf(response, url);
  return redirect === undefined ? { kind: 'answered', status: response.status } : { redirect };
};

/** Opens a file for reading. Never throws; a redirect is followed only where its URL is allowed too. */
export const openFile = async ({ allows, headersFor, timeoutMs, ...call }: FileCall): Promise<FileOutcome> => {
  const signal = AbortSignal.timeout(timeoutMs);
  let target = call.url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const url = parseUrl(target);
    if (url === undefined || !allows(url)) return { kind: 'refused', host: url?.host ?? '' };
    try {
      const response = await fetch(url, {
        headers: { ...headersFor(url), connection: 'close' },
        redirect: 'manual',
        signal,
      });
      const answer = await readAnswer(response, url);
      if ('kind' in answer) return answer;
      target = answer.redirect;
    } catch (error) {
      return { kind: 'failed', code: failureCode(error) };
    }
  }
  return { kind: 'failed', code: 'too_many_redirects' };
};
