import { pathToFileURL } from 'node:url';

// One cold import of a bundle, in a process that has done nothing else.
const [bundle = ''] = process.argv.slice(2);
const url = pathToFileURL(bundle).href;
const started = performance.now();
await import(url);
process.send?.(performance.now() - started, () => process.exit(0));
