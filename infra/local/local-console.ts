import { createConsole } from '../../functions/console/console.ts';
import { toPageFile } from '../../functions/console/page-file.ts';
import type { HttpEvent, HttpHandler } from '../../functions/shared/http/handler.ts';
import { CONSOLE_PATHS, OAUTH_ROOT, SCOPE_NAMES } from '../../functions/shared/http/routes.ts';
import { buildConsolePage } from '../build/console-page.ts';
import { LOCAL_PAGE } from './oauth/token-issuer.ts';
import { AUTHORIZE_PATH, TOKEN_PATH } from './oauth/token-paths.ts';
import type { FrontRoute } from './route-match.ts';

/** Every answer is near. */
const POLL_SECONDS = 2;

interface LocalConsoleOptions {
  readonly url: string;
  readonly fileOrigin: string;
  /** What `GET /` answers to a caller that is no browser. */
  readonly introduction: string;
}

const wantsPage = ({ headers }: HttpEvent): boolean => headers['accept']?.includes('text/html') === true;

/** The console with the panels of the local run; the page is built when it is first opened. */
export const localConsole = ({ url, fileOrigin, introduction }: LocalConsoleOptions): readonly FrontRoute[] => {
  const config = {
    api: OAUTH_ROOT,
    signIn: {
      authorizeUrl: `${url}${AUTHORIZE_PATH}`,
      tokenUrl: `${url}${TOKEN_PATH}`,
      clientId: LOCAL_PAGE.id,
      scope: SCOPE_NAMES.join(' '),
    },
    fileOrigin,
    pollSeconds: POLL_SECONDS,
    listSeconds: POLL_SECONDS,
  };
  const create = async (): Promise<HttpHandler> => {
    const built = await buildConsolePage('local');
    const files = Object.fromEntries(
      Array.from(built, ([path, content]) => [path, toPageFile(path, content, { withBrotli: false })]),
    );
    return createConsole({ files, config });
  };
  let created: Promise<HttpHandler> | undefined;
  const serve: HttpHandler = async (event) => {
    created ??= create();
    return (await created)(event);
  };
  const introduce: HttpHandler = async () => ({
    statusCode: 200,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: introduction,
  });
  const [root, assets] = CONSOLE_PATHS;
  return [
    { method: 'ANY', path: root, handler: async (event) => (wantsPage(event) ? serve : introduce)(event) },
    { method: 'ANY', path: assets, handler: serve },
  ];
};
