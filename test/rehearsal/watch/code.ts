import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Assembly } from '../assembly/assembly.ts';

const Code = z.object({ Code: z.object({ S3Key: z.string() }) });

/** Searches the code of every function for a text. */
export const createCodeSearch = (assembly: Assembly): ((text: string) => boolean) => {
  let files: readonly string[] | undefined;
  const read = (): readonly string[] =>
    assembly
      .ofType('AWS::Lambda::Function')
      .map(({ properties }) => assembly.assetFolder(Code.parse(properties).Code.S3Key))
      .flatMap((folder) => globSync('**/*.mjs', { cwd: folder }).map((file) => join(folder, file)))
      .map((file) => readFileSync(file, 'utf8'));
  return (text) => {
    files ??= read();
    return files.some((file) => file.includes(text));
  };
};
