import * as z from 'zod';
import { ConfigEnv, TableEnv } from '../shared/runtime/env.ts';

export const ChangeStreamEnv = z.object({
  ...TableEnv,
  ...ConfigEnv,
  /** Name of the event bus. */
  BUS_NAME: z.string().min(1),
  /** URL of the queue of the records that can never be published. */
  DEAD_LETTER_QUEUE_URL: z.string().min(1),
  /** URL of the queue of the copies and removals of files. */
  MEDIA_QUEUE_URL: z.string().min(1),
});
