import type * as z from 'zod';

/** Reads an answer; `undefined` for what is no JSON or not of that shape. */
export const readJson = <T>(text: string, schema: z.ZodType<T>): T | undefined => {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};
