import { createHash, randomInt } from 'node:crypto';
import type { HttpResponse } from '../../../functions/shared/http/handler.ts';

export interface ShelfFile {
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly mimeType: string;
  readonly name: string | undefined;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** The files that a simulated provider holds: those of customers and those that were uploaded. */
export interface FileShelf {
  readonly add: (file: Pick<ShelfFile, 'bytes' | 'mimeType' | 'name'>) => ShelfFile;
  readonly find: (id: string | undefined) => ShelfFile | undefined;
}

/** Sixteen digits, as in Meta's own ids. */
const newId = (): string => String(randomInt(10 ** 7, 10 ** 8)) + String(randomInt(10 ** 7, 10 ** 8));

export const createFileShelf = (): FileShelf => {
  const files = new Map<string, ShelfFile>();
  return {
    add: (given) => {
      const file = { ...given, id: newId(), sha256: createHash('sha256').update(given.bytes).digest('hex') };
      files.set(file.id, file);
      return file;
    },
    find: (id = '') => files.get(id),
  };
};

/** The bytes of a file. */
export const answerFile = ({ bytes, mimeType }: ShelfFile): HttpResponse => ({
  statusCode: 200,
  headers: { 'content-type': mimeType },
  body: Buffer.from(bytes).toString('base64'),
  isBase64Encoded: true,
});
