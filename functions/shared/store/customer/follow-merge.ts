import type { CustomerKey } from '../../domain/customer.ts';

/** The customer's items are stored under another key, into which this one was merged. */
export interface Merged {
  readonly movedTo: CustomerKey;
}

/** How many merges are followed: more are a circle. */
const MAX_MERGES = 4;

/** Runs a step under the key that the customer's items are stored under, following each merge. */
export const followMerge = async <T extends object>(
  customer: CustomerKey,
  step: (at: CustomerKey) => Promise<T | Merged>,
): Promise<T> => {
  let at = customer;
  for (let merges = 0; merges < MAX_MERGES; merges += 1) {
    const outcome = await step(at);
    if (!('movedTo' in outcome)) return outcome;
    at = outcome.movedTo;
  }
  throw new Error(`the customer was merged more than ${MAX_MERGES} times`);
};
