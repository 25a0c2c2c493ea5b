import { pathToFileURL } from 'node:url';

/** One cold start: the import of a bundle in a process that has done nothing else. */
export interface ColdStart {
  readonly importMs: number;
  /** CPU of the process from its beginning. */
  readonly cpuMs: number;
}

const [bundle = ''] = process.argv.slice(2);
const url = pathToFileURL(bundle).href;
const started = performance.now();
await import(url);
const importMs = performance.now() - started;
const { user, system } = process.cpuUsage();
const coldStart: ColdStart = { importMs, cpuMs: (user + system) / 1_000 };
process.send?.(coldStart, () => process.exit(0));
