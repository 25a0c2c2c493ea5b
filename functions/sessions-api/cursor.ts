import { MESSAGE_PREFIX } from '../shared/store/keys.ts';

/** A page's end as clients carry it: opaque to them. */
export const encodeCursor = (sortKey: string): string => Buffer.from(sortKey, 'utf8').toString('base64url');

/** Reads a cursor back; `undefined` for anything that {@link encodeCursor} did not make. */
export const decodeCursor = (cursor: string): string | undefined => {
  const sortKey = Buffer.from(cursor, 'base64url').toString('utf8');
  return sortKey.startsWith(MESSAGE_PREFIX) && encodeCursor(sortKey) === cursor ? sortKey : undefined;
};
