import { readFileSync } from 'node:fs';
import { OAUTH_ROOT } from '../shared/http/routes.ts';
import { createLambda } from '../shared/runtime/lambda.ts';
import { createConsole } from './console.ts';
import { ConsoleEnv } from './env.ts';
import type { PageConfig } from './page-config.ts';
import { PageFiles } from './page-file.ts';

const toPageConfig = (env: ConsoleEnv): PageConfig => ({
  api: OAUTH_ROOT,
  signIn: {
    authorizeUrl: env.AUTHORIZE_URL,
    tokenUrl: env.TOKEN_URL,
    ...(env.LOGOUT_URL === '' ? {} : { logoutUrl: env.LOGOUT_URL }),
    clientId: env.CLIENT_ID,
    scope: env.SCOPE,
  },
  fileOrigin: env.FILE_ORIGIN,
  pollSeconds: env.POLL_SECONDS,
  listSeconds: env.LIST_SECONDS,
});

export const handler = createLambda('console', ConsoleEnv, (env) =>
  createConsole({
    files: PageFiles.parse(JSON.parse(readFileSync(env.PAGE_FILE, 'utf8'))),
    config: toPageConfig(env),
  }),
);
