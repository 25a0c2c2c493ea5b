import * as z from 'zod';

/** Absent and `null` mean the same; anything else than a text spoils what it belongs to. */
export const optionalText = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);
export const optionalFlag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? undefined);
