import { type CareWindow, createCareWindow } from '../../../client/client.ts';
import type { PageConfig } from '../../page-config.ts';
import { connection } from './connection.ts';
import { timed } from './server-clock.ts';
import { type Session, SignedOutError, signIn } from './sign-in.ts';

/** What the components call the service with. */
export interface Connected {
  readonly api: CareWindow;
  readonly config: PageConfig;
  /** What the user may do: the scopes of the token that the groups allow are the service's to decide. */
  readonly session: Session;
}

const loadConfig = async (): Promise<PageConfig> => {
  const response = await timed(() => fetch('/console/config.json'));
  return response.json();
};

/** Sends with a valid token; a token that is refused is replaced once. */
const createSend = ({ token, forget }: Session) => {
  const sendOnce = async (request: Request): Promise<{ response: Response; used: string }> => {
    const used = await token();
    const authorized = new Request(request);
    authorized.headers.set('authorization', `Bearer ${used}`);
    return { response: await fetch(authorized), used };
  };
  return async (request: Request): Promise<Response> => {
    const repeat = request.clone();
    const first = await sendOnce(request);
    if (first.response.status !== 401) return first.response;
    forget(first.used);
    return (await sendOnce(repeat)).response;
  };
};

/** Tells the user what every call shows of the connection, and the clock what time it is there. */
const watched =
  (send: (request: Request) => Promise<Response>) =>
  async (request: Request): Promise<Response> => {
    try {
      const response = await timed(() => send(request));
      connection.set(response.status === 401 ? 'signed_out' : 'ok');
      return response;
    } catch (fault) {
      if (fault instanceof SignedOutError) connection.set('signed_out');
      else if (!request.signal.aborted) connection.set('lost');
      throw fault;
    }
  };

/** Loads the configuration, signs the user in and connects to the API. */
export const connect = async (): Promise<Connected> => {
  const config = await loadConfig();
  const session = await signIn(config.signIn);
  const api = createCareWindow({
    baseUrl: `${location.origin}${config.api}`,
    fetch: watched(createSend(session)),
    retries: { repeats: 2, maxWaitSeconds: 5 },
  });
  return { api, config, session };
};
