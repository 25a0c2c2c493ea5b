import type { HttpEvent, HttpHandler, HttpResponse } from '../shared/http/handler.ts';
import { json } from '../shared/http/respond.ts';
import { CONSOLE_ROOT } from '../shared/http/routes.ts';
import type { PageConfig } from './page-config.ts';
import type { PageFile } from './page-file.ts';
import { securityHeaders } from './security-headers.ts';

export interface ConsoleDeps {
  /** The built page, by path: `index.html`, `assets/….js`. */
  readonly files: ReadonlyMap<string, PageFile>;
  readonly config: PageConfig;
}

/** The name of an asset contains the hash of its content, so that it never changes. */
const IMMUTABLE = 'public, max-age=31536000, immutable';
const REVALIDATED = 'no-cache';

const answerFile = ({ headers }: HttpEvent, path: string, file: PageFile): HttpResponse => {
  const fileHeaders = {
    'content-type': file.type,
    'content-encoding': 'gzip',
    'cache-control': path.startsWith('assets/') ? IMMUTABLE : REVALIDATED,
    etag: file.etag,
    vary: 'accept-encoding',
  };
  if (headers['if-none-match'] === file.etag) return { statusCode: 304, headers: fileHeaders };
  return { statusCode: 200, headers: fileHeaders, body: file.gzip.toString('base64'), isBase64Encoded: true };
};

const text = (statusCode: number, body: string): HttpResponse => ({
  statusCode,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
});

const answer = ({ files, config }: ConsoleDeps, event: HttpEvent): HttpResponse => {
  const { method, path } = event.requestContext.http;
  if (method !== 'GET' && method !== 'HEAD')
    return { ...text(405, 'The console is read with GET.'), headers: { allow: 'GET, HEAD' } };
  const name = path === '/' ? 'index.html' : path.slice(`${CONSOLE_ROOT}/`.length);
  if (name === 'config.json') return json(200, config);
  const file = files.get(name);
  return file === undefined ? text(404, 'The console has no such file: open / anew.') : answerFile(event, name, file);
};

/** Serves the built page and its configuration under a strict content security policy. */
export const createConsole = (deps: ConsoleDeps): HttpHandler => {
  const headers = securityHeaders(deps.config);
  return async (event) => {
    const response = answer(deps, event);
    return {
      ...response,
      headers: { 'cache-control': REVALIDATED, ...response.headers, ...headers },
      body: event.requestContext.http.method === 'HEAD' ? '' : (response.body ?? ''),
    };
  };
};
