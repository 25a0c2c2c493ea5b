import type { CustomerKey } from '../../domain/customer.ts';

/** In the place of what was looked for: the customer lives in another partition. */
export interface Merged {
  readonly movedTo: CustomerKey;
}

/** How often a customer may have moved: more is a circle. */
const MAX_MOVES = 4;

/** Does a step where the customer lives, following what stands in the places they left. */
export const followMerge = async <T extends object>(
  customer: CustomerKey,
  step: (at: CustomerKey) => Promise<T | Merged>,
): Promise<T> => {
  let at = customer;
  for (let moves = 0; moves < MAX_MOVES; moves += 1) {
    const outcome = await step(at);
    if (!('movedTo' in outcome)) return outcome;
    at = outcome.movedTo;
  }
  throw new Error(`the customer was moved more than ${MAX_MOVES} times`);
};
