import * as z from 'zod';
import { decodeCursor } from './cursor.ts';

const LIMIT = 'takes a whole number from 1 to 100';

/** Query of a paged list whose items have sort keys like that. */
export const pageQuery = (sortKey: RegExp) =>
  z.object({
    limit: z.coerce.number(LIMIT).int(LIMIT).min(1, LIMIT).max(100, LIMIT).default(20),
    cursor: z
      .string()
      .transform((text, context) => {
        const after = decodeCursor(text, sortKey);
        if (after !== undefined) return after;
        context.addIssue({ code: 'custom', message: 'is not a cursor: pass the `next` of the page before, unchanged' });
        return z.NEVER;
      })
      .optional(),
  });
