import * as z from 'zod';
import { ConfigEnv, TableEnv } from '../shared/runtime/env.ts';

export const SessionsApiEnv = z.object({
  ...TableEnv,
  ...ConfigEnv,
  /** URL of the queue of the events that are delivered to HTTPS endpoints; empty where no channel has one. */
  DELIVERY_QUEUE_URL: z.string(),
});
