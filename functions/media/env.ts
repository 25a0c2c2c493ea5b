import * as z from 'zod';
import { ConfigEnv, RegionEnv, SecretsEnv, TableEnv } from '../shared/runtime/env.ts';

export const MediaEnv = z.object({
  ...TableEnv,
  ...ConfigEnv,
  ...SecretsEnv,
  ...RegionEnv,
  /** Name of the bucket of the files. */
  BUCKET_NAME: z.string().min(1),
  /** URL of the queue of the copies and removals. */
  QUEUE_URL: z.string().min(1),
  /** The role that signs links which outlive this function's credentials. */
  LINK_ROLE_ARN: z.string().min(1),
});
