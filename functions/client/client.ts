import createClient, { type Client, defaultPathSerializer } from 'openapi-fetch';
import { type Authorize, anonymous } from './authorize.ts';
import { idempotencyKey } from './idempotency-key.ts';
import type { paths } from './openapi.ts';
import { type RetryOptions, withRetries } from './retries.ts';

export {
  type Authorize,
  bearer,
  type ClientCredentials,
  clientCredentials,
  type SigningKeys,
  sigv4,
} from './authorize.ts';
export type { components, operations, paths } from './openapi.ts';
export { type Page, pages } from './pages.ts';
export { GatewayError, type Problem, ProblemError, unwrap } from './problem-error.ts';
export type { RetryOptions } from './retries.ts';

export interface CareWindowOptions {
  /** The output `ApiUrl` of the stack for signed calls, `OAuthUrl` for access tokens; `http://127.0.0.1:8080` locally. */
  readonly baseUrl: string;
  /** {@link sigv4}, {@link bearer} or {@link clientCredentials}. @default - calls are sent as they are, for the local run */
  readonly authorize?: Authorize;
  /** @default - three repeats */
  readonly retries?: RetryOptions;
  /** @default - the global `fetch` */
  readonly fetch?: (request: Request) => Promise<Response>;
}

export type CareWindow = Client<paths>;

/** API Gateway decodes a path before it matches it: a `/` in an id is encoded twice. */
const pathSerializer = (...path: Parameters<typeof defaultPathSerializer>): string =>
  defaultPathSerializer(...path).replaceAll('%2F', '%252F');

/**
 * A client with one method per HTTP method, typed by the path: `careWindow.POST('/v1/messages', { body })`. Every repeat
 * of a call is authorized anew, and every send has an `Idempotency-Key` before its first try.
 */
export const createCareWindow = ({
  baseUrl,
  authorize = anonymous,
  retries = {},
  fetch: send = (request) => fetch(request),
}: CareWindowOptions): CareWindow => {
  const authorized = async (request: Request): Promise<Response> => send(await authorize(request));
  const client = createClient<paths>({ baseUrl, pathSerializer, fetch: withRetries(authorized, retries) });
  client.use(idempotencyKey);
  return client;
};
