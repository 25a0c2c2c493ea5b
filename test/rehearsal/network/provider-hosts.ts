import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { ProviderName } from '../../../infra/local/simulator/vendor.ts';
import { forward } from './forward.ts';

/** The hosts at which the functions call the providers. */
const HOSTS: Readonly<Record<string, ProviderName>> = {
  'graph.facebook.com': 'meta',
  'auth.sinch.com': 'sinch',
  'eu.conversation.api.sinch.com': 'sinch',
  'provisioning.api.sinch.com': 'sinch',
};

/** Passes calls to the hosts of the providers on to the simulator. */
export const createProviderHosts = (
  ports: ReadonlyMap<ProviderName, number>,
  report: (fault: string) => void,
): Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> => {
  const pass = async (port: number, request: IncomingMessage, response: ServerResponse) => {
    const { method = 'GET', url: path = '/', headersDistinct: headers } = request;
    const answer = await forward(port, { method, path, headers, body: await buffer(request) });
    response.writeHead(answer.status, answer.headers).end(answer.body);
  };
  return Object.fromEntries(
    Object.entries(HOSTS).map(([host, provider]) => [
      host,
      (request, response) => {
        pass(ports.get(provider) ?? 0, request, response).catch((error: unknown) => {
          report(`${host}: ${String(error)}`);
          response.destroy();
        });
      },
    ]),
  );
};
