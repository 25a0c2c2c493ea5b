import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import * as z from 'zod';
import type { BucketFile } from '../../functions/shared/runtime/file-bucket.ts';

const Facts = z.object({ key: z.string(), size: z.number(), mimeType: z.string(), version: z.string() });

/** A file of the bucket as JSON. */
export const SavedBucketFile = z.strictObject({ key: z.string(), mimeType: z.string(), base64: z.base64() });
export type SavedBucketFile = z.infer<typeof SavedBucketFile>;

/** The files of the bucket, in a folder of the system's temporary directory. */
export const createBucketFolder = async () => {
  const root = await mkdtemp(join(tmpdir(), 'carewindow-bucket-'));
  const pathOf = (key: string): string => join(root, createHash('sha256').update(key).digest('hex'));
  const save = async (key: string, content: Uint8Array | string, mimeType: string): Promise<void> => {
    const path = pathOf(key);
    await mkdir(dirname(path), { recursive: true });
    await (typeof content === 'string' ? copyFile(content, path) : writeFile(path, content));
    const bytes = await readFile(path);
    const version = createHash('sha256').update(bytes).digest('hex');
    await writeFile(`${path}.json`, JSON.stringify({ key, size: bytes.length, mimeType, version }));
  };
  return {
    save,
    /**
     * The bytes of a file, all of them though it is removed meanwhile.
     * @throws where there is none
     */
    open: async (key: string): Promise<Readable> => (await open(pathOf(key))).createReadStream(),
    find: async (key: string): Promise<BucketFile | undefined> => {
      const facts = await readFile(`${pathOf(key)}.json`, 'utf8').catch(() => undefined);
      return facts === undefined ? undefined : Facts.parse(JSON.parse(facts));
    },
    remove: async (key: string): Promise<void> => {
      await rm(`${pathOf(key)}.json`, { force: true });
      await rm(pathOf(key), { force: true });
    },
    readAll: async (): Promise<SavedBucketFile[]> => {
      const names = (await readdir(root)).filter((name) => name.endsWith('.json'));
      return Promise.all(
        names.map(async (name) => {
          const { key, mimeType } = Facts.parse(JSON.parse(await readFile(join(root, name), 'utf8')));
          return { key, mimeType, base64: await readFile(pathOf(key), 'base64') };
        }),
      );
    },
    replaceAll: async (files: readonly SavedBucketFile[]): Promise<void> => {
      for (const name of await readdir(root)) await rm(join(root, name), { force: true });
      for (const { key, mimeType, base64 } of files) await save(key, Buffer.from(base64, 'base64'), mimeType);
    },
    end: () => rm(root, { recursive: true, force: true }),
  };
};
export type BucketFolder = Awaited<ReturnType<typeof createBucketFolder>>;
