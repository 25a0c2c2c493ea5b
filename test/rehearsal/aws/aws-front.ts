import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { isSignedBy, readSignature } from '../../../infra/local/aws-signature.ts';
import { close, listen } from '../../../infra/local/http-front.ts';
import type { AwsCall, AwsReply, AwsService } from './aws-call.ts';
import type { Credentials } from './credentials.ts';
import type { Ledger } from './ledger.ts';

/** A call without the header `Authorization`: a link or a form that a function signed for someone else. */
export type LinkedCall = Omit<AwsCall, 'roleArn' | 'service'>;

interface AwsFrontOptions {
  readonly serveLink: (call: LinkedCall) => Promise<AwsReply>;
  readonly port: number;
  readonly services: Readonly<Record<string, AwsService>>;
  readonly credentials: Credentials;
  readonly ledger: Pick<Ledger, 'authorize'>;
  /** Gets what the rehearsal cannot do or AWS would not accept. */
  readonly report: (fault: string) => void;
}

/** `Bool` conditions of the template ask for TLS, which the stubs leave out and AWS has. */
const CONTEXT = { 'aws:SecureTransport': 'true' };

const headersOf = (request: IncomingMessage): AwsCall['headers'] =>
  Object.fromEntries(Object.entries(request.headersDistinct).map(([name, values]) => [name, values?.join(',')]));

/** Every API of AWS on one port: finds the service in the signature, checks it and the role's policies, and answers. */
export const createAwsFront = ({ port, services, serveLink, credentials, ledger, report }: AwsFrontOptions) => {
  const answer = async (request: IncomingMessage): Promise<AwsReply> => {
    const [path = '/', query = ''] = (request.url ?? '/').split('?');
    const headers = headersOf(request);
    const body = await buffer(request);
    const method = request.method ?? 'GET';
    if (headers['authorization'] === undefined) return serveLink({ method, path, query, headers, body });
    const { accessKeyId = '', service = '' } = readSignature(headers['authorization']) ?? {};
    const roleArn = credentials.roleOf(accessKeyId);
    if (roleArn === undefined) throw new Error(`a call without the credentials of a role: ${method} ${path}`);
    if (!(await isSignedBy(credentials.secretAccessKey, { method, path, query, headers, body })))
      throw new Error(`a call to ${service} with a wrong signature: ${method} ${path}`);
    const target = services[service];
    if (target === undefined) throw new Error(`the rehearsal does not know the service ${service}`);
    const call: AwsCall = { service, method, path, query, headers, body, roleArn };
    const mayCall = target
      .accesses(call)
      .map((access) => ledger.authorize(roleArn, { ...access, context: { ...CONTEXT, ...access.context } }));
    return mayCall.every(Boolean) ? target.perform(call) : target.deny(call);
  };
  const write = (response: ServerResponse, { status, headers, body }: AwsReply) => {
    response.writeHead(status, headers);
    response.end(body);
  };
  const server = createServer((request, response) => {
    answer(request)
      .then((reply) => write(response, reply))
      .catch((error: unknown) => {
        report(error instanceof Error ? error.message : String(error));
        write(response, { status: 501, headers: {}, body: '' });
      });
  });
  return { server, url: `http://127.0.0.1:${port}`, start: () => listen(server, port), stop: () => close(server) };
};
