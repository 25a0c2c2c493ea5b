import * as z from 'zod';
import type { PrepareRequest as Requested } from '../shared/domain/upload.ts';

/** The event of a send that names an uploaded file. */
export const PrepareRequest: z.ZodType<Requested> = z.object({
  channel: z.string(),
  upload: z.string(),
  kind: z.string(),
});
