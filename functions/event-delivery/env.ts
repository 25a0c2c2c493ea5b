import * as z from 'zod';
import { ConfigEnv, DeliverySecretsEnv } from '../shared/runtime/env.ts';

export const EventDeliveryEnv = z.object({
  ...ConfigEnv,
  ...DeliverySecretsEnv,
  /** URL of the queue in which events wait for their endpoints. */
  QUEUE_URL: z.string().min(1),
});
