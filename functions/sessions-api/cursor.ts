/** A page's end as clients carry it: opaque to them. */
export const encodeCursor = (sortKey: string): string => Buffer.from(sortKey, 'utf8').toString('base64url');

/** Reads a cursor back; `undefined` for anything that {@link encodeCursor} did not make of a sort key of this list. */
export const decodeCursor = (cursor: string, ofList: RegExp): string | undefined => {
  const sortKey = Buffer.from(cursor, 'base64url').toString('utf8');
  return ofList.test(sortKey) && encodeCursor(sortKey) === cursor ? sortKey : undefined;
};
