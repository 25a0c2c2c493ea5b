import * as z from 'zod';
import { decodeCursor } from './cursor.ts';

const LIMIT = 'must be a whole number from 1 to 100';

/** Digits alone: a number that JavaScript also reads from ` 5`, `5e1` or `0x5` is a mistake of the caller. */
const WHOLE = /^\d{1,9}$/;

const toWhole = (text: unknown): unknown => {
  if (text === undefined) return undefined;
  return typeof text === 'string' && WHOLE.test(text) ? Number(text) : Number.NaN;
};

/** A whole number from 1 to a maximum in a query string, and what it is when it is absent. */
export const wholeNumber = ({ max, absent, message }: { max: number; absent: number; message: string }) =>
  z.preprocess(toWhole, z.int(message).min(1, message).max(max, message).default(absent));

/** Query of a paged list; `sortKey` matches the sort keys of its items. */
export const pageQuery = (sortKey: RegExp) =>
  z.object({
    limit: wholeNumber({ max: 100, absent: 20, message: LIMIT }),
    cursor: z
      .string()
      .transform((text, context) => {
        const after = decodeCursor(text, sortKey);
        if (after !== undefined) return after;
        context.addIssue({
          code: 'custom',
          message: 'is not a cursor of this list: pass the `next` of the previous page unchanged',
        });
        return z.NEVER;
      })
      .optional()
      .meta({ description: 'The `next` of the previous page', pattern: '^[A-Za-z0-9_-]+$' }),
  });
