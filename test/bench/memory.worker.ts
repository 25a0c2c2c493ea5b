import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { HttpHandler } from '../../functions/shared/http/handler.ts';

// The deployed bundle alone, given webhooks as Lambda's runtime client gives them: the text of an event at a time.
export interface Memory {
  readonly idleBytes: number;
  readonly peakBytes: number;
  readonly times: readonly number[];
}

const [bundle = '', ...events] = process.argv.slice(2);
const { handler } = (await import(pathToFileURL(bundle).href)) as { handler: HttpHandler };
let peakBytes = 0;
/** The peak that the operating system keeps includes the process that forked this one. */
const look = (): void => {
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
};
setInterval(look, 2).unref();
const times: number[] = [];
let idleBytes = 0;
for (const path of events) {
  const event = JSON.parse(readFileSync(path, 'utf8')) as Parameters<HttpHandler>[0];
  const started = performance.now();
  const { statusCode } = await handler(event);
  times.push(performance.now() - started);
  if (statusCode !== 200) throw new Error(`a webhook was answered ${statusCode}`);
  look();
  // The first one is small.
  if (idleBytes === 0) idleBytes = peakBytes;
}
const memory: Memory = { idleBytes, peakBytes, times };
process.send?.(memory, () => process.exit(0));
