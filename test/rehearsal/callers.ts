import * as z from 'zod';
import { OAUTH_ROOT } from '../../functions/shared/http/routes.ts';
import { bearer, createCareWindow, sigv4 } from '../support/client.ts';
import { PLACE } from './assembly/intrinsics.ts';
import type { CallerKeys, Gateway } from './gateway.ts';

/** What the API answered. */
export interface Answered {
  readonly status: number;
  /** That of a problem. */
  readonly code: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
}

interface Sent {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: object;
}

/** Calls an operation of the API by the typed client: `call('GET /v1/messages/{id}', …)`. */
export type Call = (operation: string, sent?: Sent) => Promise<Answered>;

const Body = z.record(z.string(), z.unknown()).catch({});
const Problem = z.object({ code: z.string() });

const callWith =
  (authorize?: unknown, root = '') =>
  (url: string): Call => {
    const client = createCareWindow({
      baseUrl: url + root,
      retries: { repeats: 0 },
      // A redirect leads to a file, which the story reads itself.
      fetch: (request: Request) => fetch(new Request(request, { redirect: 'manual' })),
      ...(authorize === undefined ? {} : { authorize }),
    });
    return async (operation, { path, query, body } = {}) => {
      const [method = '', route = ''] = operation.split(' ');
      const { response, data, error } = await client[method](route, { params: { path, query }, body });
      return {
        status: response.status,
        code: Problem.safeParse(error).data?.code,
        body: Body.parse(data ?? error),
        headers: response.headers,
      };
    };
  };

/** Callers of the API: one that signs, one that does not, and one with an access token of these scopes. */
export const createCallers = ({ keys, jwt }: Gateway, url: string) => {
  const [audience = ''] = jwt.audiences;
  const token = (scopes: readonly string[]): Promise<string> =>
    jwt.issuer.sign(
      {
        sub: audience,
        client_id: audience,
        token_use: 'access',
        scope: scopes.map((scope) => `carewindow/${scope}`).join(' '),
      },
      3_600,
    );
  const signWith = (signingKeys: CallerKeys) => callWith(sigv4(PLACE.region, async () => signingKeys))(url);
  return {
    call: signWith(keys),
    callUnsigned: callWith()(url),
    callWithWrongKey: signWith({ ...keys, secretAccessKey: 'of-someone-else' }),
    callWithToken: (...scopes: readonly string[]): Call =>
      callWith(
        bearer(() => token(scopes)),
        OAUTH_ROOT,
      )(url),
  };
};
