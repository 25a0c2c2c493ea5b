import { readFileSync, writeFileSync } from 'node:fs';
import { toClientTypes } from './client-types.ts';
import { renderOpenApi } from './openapi/document.ts';

const document = renderOpenApi();
const generated: readonly (readonly [URL, string])[] = [
  [new URL('../../docs/openapi.json', import.meta.url), document],
  [new URL('../../functions/client/openapi.ts', import.meta.url), await toClientTypes(document)],
];

const isCheck = process.argv.includes('--check');
for (const [file, wanted] of generated) {
  if (!isCheck) writeFileSync(file, wanted);
  else if (readFileSync(file, 'utf8') !== wanted) {
    process.stderr.write(`${file.pathname} differs from the code: run npm run openapi\n`);
    process.exitCode = 1;
  }
}
