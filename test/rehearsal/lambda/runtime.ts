import { request } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';

/*
 * The runtime of a function without Lambda's own runtime client: takes each invocation from the runtime API and posts the
 * answer. It shows what the bundle does; what the client adds (its logs, its errors) only `npm run rehearse` shows.
 */

const Env = z.object({ AWS_LAMBDA_RUNTIME_API: z.string(), LAMBDA_TASK_ROOT: z.string(), _HANDLER: z.string() });
const { AWS_LAMBDA_RUNTIME_API: api, LAMBDA_TASK_ROOT: root, _HANDLER: name } = Env.parse(process.env);
const [file = '', method = ''] = name.split('.');

const call = (path: string, body?: unknown): Promise<{ readonly id: string; readonly text: string }> =>
  new Promise((resolve, reject) => {
    const outgoing = request(
      `http://${api}/2018-06-01/runtime/${path}`,
      { method: body === undefined ? 'GET' : 'POST' },
      (response) => {
        const id = response.headers['lambda-runtime-aws-request-id'];
        buffer(response).then((bytes) => resolve({ id: String(id), text: bytes.toString('utf8') }), reject);
      },
    );
    outgoing.once('error', reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });

const describe = (fault: unknown) =>
  fault instanceof Error
    ? { errorType: fault.name, errorMessage: fault.message, trace: fault.stack?.split('\n') ?? [] }
    : { errorType: typeof fault, errorMessage: String(fault), trace: [] };

const load = async () => {
  const module: Record<string, unknown> = await import(pathToFileURL(join(root, `${file}.mjs`)).href);
  return z.function({ input: [z.unknown(), z.unknown()], output: z.promise(z.unknown()) }).parse(module[method]);
};

try {
  const handler = await load();
  for (;;) {
    const { id, text } = await call('invocation/next');
    try {
      await call(`invocation/${id}/response`, (await handler(JSON.parse(text), { awsRequestId: id })) ?? null);
    } catch (fault) {
      await call(`invocation/${id}/error`, describe(fault));
    }
  }
} catch (fault) {
  await call('init/error', describe(fault));
  process.exitCode = 1;
}
