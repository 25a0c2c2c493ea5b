import * as z from 'zod';
import { ConfigEnv, RegionEnv, SecretsEnv, TableEnv } from '../shared/runtime/env.ts';

export const OutboundSendEnv = z.object({
  ...TableEnv,
  ...ConfigEnv,
  ...SecretsEnv,
  ...RegionEnv,
  /** The function that prepares uploaded files. */
  MEDIA_FUNCTION_ARN: z.string().min(1),
});
