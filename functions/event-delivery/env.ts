import * as z from 'zod';
import { ConfigEnv, DeliverySecretsEnv } from '../shared/runtime/env.ts';

export const EventDeliveryEnv = z.object({
  ...ConfigEnv,
  ...DeliverySecretsEnv,
  /** URL of the queue of the events that are delivered to HTTPS endpoints. */
  QUEUE_URL: z.string().min(1),
});
