import * as z from 'zod';
import { CustomerKey } from '../../domain/customer.ts';

/** The customer's items are stored under another key, into which this one was merged. */
export interface Merged {
  readonly movedTo: CustomerKey;
  /** From this second on the name is another person's. */
  readonly until?: number | undefined;
}

const MovedItem = z.object({ movedTo: CustomerKey, until: z.int().optional() });

/** Where a stored item, of the kinds that a merge moves, leads to; `undefined` where it holds the state itself. */
export const mergedIn = (item: unknown): Merged | undefined => MovedItem.safeParse(item).data;

/** How many merges are followed: a committed state has one, and each further one was written meanwhile. */
export const MAX_MERGES = 16;

/** Runs a step under the key that the customer's items are stored under, following each merge. */
export const followMerge = async <T extends object>(
  customer: CustomerKey,
  step: (at: CustomerKey) => Promise<T | Merged>,
): Promise<T> => {
  let at = customer;
  for (let merges = 0; merges <= MAX_MERGES; merges += 1) {
    const outcome = await step(at);
    if (!('movedTo' in outcome)) return outcome;
    at = outcome.movedTo;
  }
  throw new Error(`the customer was merged more than ${MAX_MERGES} times`);
};
