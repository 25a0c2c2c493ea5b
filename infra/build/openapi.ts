import { readFileSync, writeFileSync } from 'node:fs';
import { renderOpenApi } from './openapi/document.ts';

const FILE = new URL('../../docs/openapi.json', import.meta.url);

const isCheck = process.argv.includes('--check');
const wanted = renderOpenApi();
if (isCheck && readFileSync(FILE, 'utf8') !== wanted) {
  process.stderr.write('docs/openapi.json differs from the code: run npm run openapi\n');
  process.exitCode = 1;
}
if (!isCheck) writeFileSync(FILE, wanted);
