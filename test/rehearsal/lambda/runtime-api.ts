import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { freePort } from '../../../infra/local/dynamodb-local.ts';
import { close, listen } from '../../../infra/local/http-front.ts';

/** What an invocation came to. */
export type Outcome =
  | { readonly kind: 'answered'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly errorType: string; readonly report: string };

interface Invocation {
  readonly id: string;
  readonly event: string;
  readonly deadlineMs: number;
  readonly settle: (outcome: Outcome) => void;
}

export interface RuntimeApiOptions {
  readonly functionArn: string;
  /** Is called when the runtime waits for the next invocation: Lambda freezes it until then. */
  readonly onIdle: () => void;
  /** Is called before the runtime gets an invocation. */
  readonly onWake: () => void;
}

const failure = (report: string): Outcome => {
  const { errorType = 'Unknown' } = JSON.parse(report);
  return { kind: 'failed', errorType: String(errorType), report };
};

/** Lambda's limit for an event and for an answer. */
const MAX_PAYLOAD = 6 * 1024 * 1024;

/** The HTTP API from which a runtime takes its invocations (docs.aws.amazon.com/lambda, "Runtime API"). */
export const createRuntimeApi = ({ functionArn, onIdle, onWake }: RuntimeApiOptions) => {
  let waiting: ServerResponse | undefined;
  let next: Invocation | undefined;
  let current: Invocation | undefined;
  const hand = () => {
    if (waiting === undefined || next === undefined) return;
    const response = waiting;
    current = next;
    [waiting, next] = [undefined, undefined];
    onWake();
    response.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': current.id,
      'lambda-runtime-deadline-ms': String(current.deadlineMs),
      'lambda-runtime-invoked-function-arn': functionArn,
      'lambda-runtime-trace-id': 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1',
    });
    response.end(current.event);
  };
  const settle = (outcome: Outcome) => {
    const invocation = current ?? next;
    [current, next] = [undefined, undefined];
    invocation?.settle(outcome);
  };
  const post = (path: string, body: string): Outcome => {
    if (Buffer.byteLength(body) > MAX_PAYLOAD) return failure('{"errorType":"Function.ResponseSizeTooLarge"}');
    return path.endsWith('/response') ? { kind: 'answered', value: JSON.parse(body) } : failure(body);
  };
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '';
    if (path.endsWith('/invocation/next')) {
      waiting = response;
      if (next === undefined) onIdle();
      return hand();
    }
    const body = await text(request);
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
    settle(post(path, body));
  };
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => settle(failure(JSON.stringify({ errorType: String(error) }))));
  });
  return {
    start: async () => {
      const port = await freePort();
      await listen(server, port);
      return `127.0.0.1:${port}`;
    },
    stop: () => close(server),
    /** One invocation at a time: the next begins when this one has settled. */
    invoke: (event: unknown, timeoutMs: number): Promise<Outcome> =>
      new Promise((resolve) => {
        next = {
          id: randomUUID(),
          event: JSON.stringify(event),
          deadlineMs: Date.now() + timeoutMs,
          settle: resolve,
        };
        hand();
      }),
    /** The runtime has ended: what runs has failed, and nothing waits for the next invocation. */
    fail: (errorType: string) => {
      waiting = undefined;
      settle(failure(JSON.stringify({ errorType })));
    },
  };
};
