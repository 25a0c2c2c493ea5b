/** The end of a page as clients see it: opaque. */
export const encodeCursor = (sortKey: string): string => Buffer.from(sortKey, 'utf8').toString('base64url');

/** Decodes a cursor; `undefined` for anything but an {@link encodeCursor} of a sort key of this list. */
export const decodeCursor = (cursor: string, ofList: RegExp): string | undefined => {
  const sortKey = Buffer.from(cursor, 'base64url').toString('utf8');
  return ofList.test(sortKey) && encodeCursor(sortKey) === cursor ? sortKey : undefined;
};
