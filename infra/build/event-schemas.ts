import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import * as z from 'zod';
import { EVENTS } from '../../functions/shared/domain/events.ts';

const FOLDER = new URL('../../docs/events/', import.meta.url);

/** The JSON Schema of each event's detail, by file; open to fields that are added later. */
const rendered = Object.entries(EVENTS).map(([type, schema]) => {
  const file = new URL(`${type}.v1.json`, FOLDER);
  const title = { title: type };
  return { file, text: `${JSON.stringify({ ...title, ...z.toJSONSchema(schema, { io: 'input' }) }, null, 2)}\n` };
});

const read = (file: URL): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

if (process.argv.includes('--check')) {
  if (rendered.some(({ file, text }) => read(file) !== text)) {
    process.stderr.write('docs/events is not what the code says: run npm run events\n');
    process.exitCode = 1;
  }
} else {
  mkdirSync(FOLDER, { recursive: true });
  for (const { file, text } of rendered) writeFileSync(file, text);
}
