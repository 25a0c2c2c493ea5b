import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs with the path of a file that does not exist yet, and removes it afterwards. */
export const onDisk = async <T>(run: (path: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'carewindow-file-'));
  try {
    return await run(join(folder, 'file'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
