import { createFaultyPost } from './faulty-post.ts';
import { createHeldWebhooks, type HeldWebhook, type HeldWebhooksDeps } from './held-webhooks.ts';
import type { PostWebhook } from './post-webhook.ts';
import type { ProviderName } from './vendor.ts';
import { createPendingFaults, type WebhookFault } from './webhook-fault.ts';

/** Which faults are meant. */
export type FaultMatch = (fault: { readonly provider: ProviderName; readonly kind: string }) => boolean;

/** Posts webhooks as the faults of their provider have it. */
export interface WebhookFaults {
  readonly post: PostWebhook;
  readonly add: (fault: WebhookFault) => void;
  readonly list: () => readonly WebhookFault[];
  readonly held: () => readonly HeldWebhook[];
  /** Ends the faults that match, and posts what they hold back. */
  readonly remove: (matches: FaultMatch) => Promise<void>;
  readonly stop: () => void;
}

export const createWebhookFaults = (deps: HeldWebhooksDeps): WebhookFaults => {
  const pending = createPendingFaults();
  const held = createHeldWebhooks(deps);
  return {
    post: createFaultyPost({ ...deps, pending, held }),
    add: pending.add,
    list: pending.list,
    held: held.list,
    remove: async (matches) => {
      pending.remove(matches);
      await held.release(matches);
    },
    stop: held.stop,
  };
};
