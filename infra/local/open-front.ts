import type { Server } from 'node:http';
import type { HttpHandler } from '../../functions/shared/http/handler.ts';
import { json } from '../../functions/shared/http/respond.ts';
import { createFront, type FrontOptions, listen } from './http-front.ts';

const answerStarting: HttpHandler = async () => json(503, { status: 'starting' });

export interface OpenFront {
  readonly server: Server;
  /** Answers by these routes from now on. */
  readonly serve: (routes: Pick<FrontOptions, 'routes' | 'fallback'>) => void;
}

/** Takes the port at once, so that a port in use is known before anything is started; answers 503 until it has routes. */
export const openFront = async (port: number, now: () => Date): Promise<OpenFront> => {
  const options: { -readonly [Option in keyof FrontOptions]: FrontOptions[Option] } = {
    routes: [],
    fallback: answerStarting,
    now,
  };
  const server = createFront(options);
  await listen(server, port);
  return {
    server,
    serve: ({ routes, fallback }) => {
      options.routes = routes;
      options.fallback = fallback;
    },
  };
};
