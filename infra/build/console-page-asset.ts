import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PAGE_ASSET } from '../../functions/console/env.ts';
import { type PageFiles, toPageFile } from '../../functions/console/page-file.ts';
import { buildConsolePage } from './console-page.ts';

/** Builds the page that is deployed, and writes it into the folder as the console's Lambda reads it. */
export const writeConsolePage = async (outDir: string): Promise<void> => {
  const built = await buildConsolePage('aws');
  const files: PageFiles = Object.fromEntries(
    Array.from(built, ([path, content]) => [path, toPageFile(path, content, { withBrotli: true })]),
  );
  await writeFile(join(outDir, PAGE_ASSET), JSON.stringify(files));
};
