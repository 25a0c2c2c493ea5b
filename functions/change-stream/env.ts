import * as z from 'zod';
import { ConfigEnv, TableEnv } from '../shared/runtime/env.ts';

export const ChangeStreamEnv = z.object({
  ...TableEnv,
  ...ConfigEnv,
  /** Name of the event bus. */
  BUS_NAME: z.string().min(1),
});
