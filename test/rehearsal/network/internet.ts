import { writeFileSync } from 'node:fs';
import { createServer as createProxyServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { join } from 'node:path';
import selfsigned from 'selfsigned';
import { freePort } from '../../../infra/local/dynamodb-local.ts';
import { close, listen } from '../../../infra/local/http-front.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface InternetOptions {
  /** What answers at each host. */
  readonly hosts: Readonly<Record<string, Handler>>;
  /** Gets a sentence about each call to another host. */
  readonly report: (fault: string) => void;
  /** Where the certificate is written. */
  readonly folder: string;
}

const DAY_MS = 86_400_000;

/** A certificate for these hosts, which trusts itself. */
const certificateFor = (hosts: readonly string[]) =>
  selfsigned.generate([{ name: 'commonName', value: 'CareWindow rehearsal' }], {
    keyType: 'ec',
    notAfterDate: new Date(Date.now() + DAY_MS),
    extensions: [{ name: 'subjectAltName', altNames: hosts.map((value) => ({ type: 2 as const, value })) }],
  });

/**
 * The internet as the functions see it: a proxy through which they reach, over TLS, the hosts that are given here and no
 * other one.
 */
export const openInternet = async ({ hosts, report, folder }: InternetOptions) => {
  const { private: key, cert } = await certificateFor(Object.keys(hosts));
  const certificateFile = join(folder, 'internet.pem');
  writeFileSync(certificateFile, cert);
  const secure = createSecureServer({ key, cert }, (request, response) => {
    const handler = hosts[request.headers.host ?? ''];
    if (handler === undefined) response.writeHead(502).end();
    else handler(request, response);
  });
  const proxy: Server = createProxyServer((request, response) => {
    report(`a call without TLS: ${request.method} ${request.url}`);
    response.writeHead(502).end();
  });
  proxy.on('connect', (request, socket) => {
    const host = (request.url ?? '').replace(/:443$/, '');
    if (hosts[host] === undefined) {
      report(`a call to an unknown host: ${host}`);
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      return;
    }
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    secure.emit('connection', socket);
  });
  const port = await freePort();
  await listen(proxy, port);
  return {
    /** The environment with which a process of Node.js uses it. */
    environment: {
      HTTP_PROXY: `http://127.0.0.1:${port}`,
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
      NO_PROXY: '127.0.0.1',
      NODE_USE_ENV_PROXY: '1',
      NODE_EXTRA_CA_CERTS: certificateFile,
    },
    stop: async () => {
      secure.closeAllConnections();
      await close(proxy);
    },
  };
};
