import type { HttpEvent, HttpHandler, HttpResponse } from '../shared/http/handler.ts';
import { type ProblemDetails, problem } from '../shared/http/problem.ts';
import { type Answer, json } from '../shared/http/respond.ts';
import { CONSOLE_ROOT } from '../shared/http/routes.ts';
import { chooseBody } from './content-coding.ts';
import type { PageConfig } from './page-config.ts';
import type { PageFile, PageFiles } from './page-file.ts';
import { securityHeaders } from './security-headers.ts';

export interface ConsoleDeps {
  readonly files: PageFiles;
  readonly config: PageConfig;
}

/** The name of an asset contains the hash of its content, so that it never changes. */
const IMMUTABLE = 'public, max-age=31536000, immutable';
const REVALIDATED = 'no-cache';

const READ_ONLY: ProblemDetails = {
  code: 'method_not_allowed',
  detail: 'The console is read with GET or HEAD.',
  headers: { allow: 'GET, HEAD' },
};
const UNKNOWN_FILE: ProblemDetails = {
  code: 'unknown_route',
  detail: 'The console has no such file: open / anew.',
};

const answerFile = ({ headers }: HttpEvent, path: string, file: PageFile): HttpResponse => {
  const known = {
    'cache-control': path.startsWith('assets/') ? IMMUTABLE : REVALIDATED,
    etag: file.etag,
    vary: 'accept-encoding',
  };
  if (headers['if-none-match'] === file.etag) return { statusCode: 304, headers: known };
  const { coding, body } = chooseBody(file, headers['accept-encoding']);
  const encoding = coding === undefined ? {} : { 'content-encoding': coding };
  return {
    statusCode: 200,
    headers: { ...known, 'content-type': file.type, ...encoding },
    body,
    isBase64Encoded: true,
  };
};

const answer = ({ files, config }: ConsoleDeps, event: HttpEvent): Answer => {
  const { method, path } = event.requestContext.http;
  if (method !== 'GET' && method !== 'HEAD') return READ_ONLY;
  const name = path === '/' ? 'index.html' : path.slice(`${CONSOLE_ROOT}/`.length);
  if (name === 'config.json') return json(200, config);
  const file = Object.hasOwn(files, name) ? files[name] : undefined;
  return file === undefined ? UNKNOWN_FILE : answerFile(event, name, file);
};

/** Serves the built page and its configuration under a strict content security policy. */
export const createConsole = (deps: ConsoleDeps): HttpHandler => {
  const headers = securityHeaders(deps.config);
  return async (event) => {
    const { requestId, http } = event.requestContext;
    const answered = answer(deps, event);
    const response = 'code' in answered ? problem(answered, requestId) : answered;
    return {
      ...response,
      headers: { 'cache-control': REVALIDATED, ...response.headers, ...headers },
      body: http.method === 'HEAD' ? '' : (response.body ?? ''),
    };
  };
};
