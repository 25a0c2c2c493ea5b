import { createServer } from 'node:http';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { callOnce } from '../../../functions/shared/network/http-call.ts';
import { freePort } from '../../../infra/local/dynamodb-local.ts';

/** After so many calls V8 has compiled the code anew, which then keeps no more than it needs. */
const CALLS = 1_000;

const port = await freePort();
const server = createServer((request, response) => {
  if (request.url === '/') response.end();
});
await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
const call = (path: string, timeoutMs: number) =>
  callOnce({ url: `http://127.0.0.1:${port}${path}`, headers: {}, body: '{}', timeoutMs });

for (let count = 0; count < CALLS; count += 1) await call('/', 60_000);
const collecting = setInterval(() => globalThis.gc?.(), 50);
const ended = Promise.all(Array.from({ length: 5 }, () => call('/hangs', 500)));
const outcomes = await Promise.race([ended, setTimeout(20_000, 'nothing ended them')]);
clearInterval(collecting);
process.send?.(outcomes, () => process.exit(0));
