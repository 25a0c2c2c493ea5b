import * as z from 'zod';
import { decodeCursor } from './cursor.ts';

const LIMIT = 'must be a whole number from 1 to 100';

/** Query of a paged list; `sortKey` matches the sort keys of its items. */
export const pageQuery = (sortKey: RegExp) =>
  z.object({
    limit: z.coerce.number(LIMIT).int(LIMIT).min(1, LIMIT).max(100, LIMIT).default(20),
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
