import * as z from 'zod';
import { CustomerKey } from './customer.ts';

/** Work on the files of customers, as it waits in the queue. */
export const MediaTask = z.discriminatedUnion('task', [
  /** Copies the provider's file of a message. */
  z.object({
    task: z.literal('copy'),
    channel: z.string(),
    customer: CustomerKey,
    /** The time and the id in the message's key. */
    atMs: z.int().nonnegative(),
    id: z.string(),
  }),
  /** Removes a file whose message was removed. */
  z.object({ task: z.literal('remove'), key: z.string() }),
]);
export type MediaTask = z.infer<typeof MediaTask>;
