import { createHash, randomInt } from 'node:crypto';
import * as z from 'zod';
import type { HttpResponse } from '../../../functions/shared/http/handler.ts';

export interface ShelfFile {
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly mimeType: string;
  readonly name: string | undefined;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** A file as JSON. */
export const SavedFile = z.strictObject({
  id: z.string(),
  base64: z.base64(),
  mimeType: z.string(),
  name: z.string().optional(),
});
export type SavedFile = z.infer<typeof SavedFile>;

/** The files that a simulated provider holds: those of customers and those that were uploaded. */
export interface FileShelf {
  readonly add: (file: Pick<ShelfFile, 'bytes' | 'mimeType' | 'name'>) => ShelfFile;
  readonly find: (id: string | undefined) => ShelfFile | undefined;
  readonly save: () => SavedFile[];
  /** Replaces every file. */
  readonly load: (files: readonly SavedFile[]) => void;
}

/** Sixteen digits, as in Meta's own ids. */
const newId = (): string => String(randomInt(10 ** 7, 10 ** 8)) + String(randomInt(10 ** 7, 10 ** 8));

export const createFileShelf = (): FileShelf => {
  const files = new Map<string, ShelfFile>();
  const put = (given: Omit<ShelfFile, 'sha256'>): ShelfFile => {
    const file = { ...given, sha256: createHash('sha256').update(given.bytes).digest('hex') };
    files.set(file.id, file);
    return file;
  };
  return {
    add: (given) => put({ ...given, id: newId() }),
    find: (id = '') => files.get(id),
    save: () =>
      [...files.values()].map(({ bytes, sha256: _, ...file }) => ({
        ...file,
        base64: Buffer.from(bytes).toString('base64'),
      })),
    load: (saved) => {
      files.clear();
      for (const { base64, name, ...file } of saved) put({ ...file, name, bytes: Buffer.from(base64, 'base64') });
    },
  };
};

/** The bytes of a file. */
export const answerFile = ({ bytes, mimeType }: ShelfFile): HttpResponse => ({
  statusCode: 200,
  headers: { 'content-type': mimeType },
  body: Buffer.from(bytes).toString('base64'),
  isBase64Encoded: true,
});
