import * as z from 'zod';
import { ConfigEnv, SecretsEnv, TableEnv } from '../shared/runtime/env.ts';

export const EventDeliveryEnv = z.object({
  ...ConfigEnv,
  ...TableEnv,
  ...SecretsEnv,
  /** URL of the queue of the events that are delivered to HTTPS endpoints. */
  QUEUE_URL: z.string().min(1),
});
